/* case.h: the parts of the case page; each fills its share of the view. Only page_case.c calls. */
#ifndef DF_DASHBOARD_CASE_H
#define DF_DASHBOARD_CASE_H

#include "dashboard/page.h"

/* case_why.c: the post with its marks, the reasons, what was set aside, facts, further posts. */
void case_fill_post(struct page *p, const struct case_view *c, struct view_case *v);
/* case_history.c: earlier versions, the record, the author's other cases. */
DF_CHECKED enum df_rc case_fill_history(struct page *p, const struct case_view *c,
                                        struct view_case *v, struct err *err);
/* case_choices.c: which steps the table of states allows this person now. */
void case_fill_choices(struct page *p, const struct case_view *c, struct view_case *v);
/* A second person must agree to this text before it may go out. */
bool case_waits(const struct page *p, const struct case_view *c);

#endif
