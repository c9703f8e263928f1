/* rc.h: the one result type. Every fallible function returns it; the name says what the
 * caller does next, as a mail server's delivery outcomes do. Details travel in struct err. */
#ifndef DF_CORE_RC_H
#define DF_CORE_RC_H

enum df_rc {
    DF_OK = 0, /* done */
    DF_NONE,   /* looked, nothing there: not an error */
    DF_RETRY,  /* the same call may work later: network, busy database, 429, 5xx */
    DF_REJECT, /* this input never will work: record it and go on */
    DF_FATAL,  /* stop: broken configuration, no space, no permission */
};

const char *df_rc_name(enum df_rc rc); /* "ok", "none", "retry", "reject", "fatal" */

#define DF_CHECKED __attribute__((warn_unused_result))

#endif
