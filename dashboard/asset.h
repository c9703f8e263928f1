/* asset.h: style sheet, scripts and icon, served under an address that names their content, so
 * that browsers keep them for ever and never show an old one. Read once from the program's data,
 * compressed once. Must not know: pages. Lifetime: the site's arena (process). */
#ifndef DF_DASHBOARD_ASSET_H
#define DF_DASHBOARD_ASSET_H

#include "dashboard/request.h"

struct asset {
    struct str url;    /* "/s/3f9c1d20a8b7/app.css" */
    const char *type;
    struct str plain, zipped; /* zipped may be empty */
};

struct assets {
    struct asset *items;
    size_t count;
};

DF_CHECKED enum df_rc assets_load(struct arena *a, struct assets *out, struct err *err);
/* Address of "app.css"; "#" when there is no such asset (a test forbids that). */
struct str asset_url(const struct assets *all, const char *name);
/* false: the path is no asset. */
bool asset_answer(const struct assets *all, struct request *q, struct response *r);

#endif
