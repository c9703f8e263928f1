/* mock_transport.h: a network of prepared answers. Requests are kept for looking at. */
#ifndef DF_TESTS_MOCK_TRANSPORT_H
#define DF_TESTS_MOCK_TRANSPORT_H

#include "net/transport.h"

struct mock_answer {
    const char *host; /* answers requests whose URL holds this; NULL: any */
    enum df_rc rc;
    int status;
    const char *body;
    int64_t retry_after_ms; /* 0: none */
};

enum { MOCK_MAX_REQUESTS = 256 };

struct mock_request {
    char url[256], body[32768], headers[2048]; /* "Name: value\n" */
};

/* Answers are used in order per host; the last one of a host stays for ever. */
extern struct mock_answer mock_answers[16];
extern int mock_answer_count, mock_request_count;
extern struct mock_request mock_requests[MOCK_MAX_REQUESTS];
extern const struct transport_ops mock_transport;

/* A network that a test answers by a function of its own. */
#define MOCK_TRANSPORT(perform_)                                                               \
    {.name = "mock", .schemes = NET_HTTP | NET_HTTPS | NET_FILE, .open = mock_open,            \
     .perform = (perform_), .close = mock_close}
enum df_rc mock_open(const struct net_config *, void **self_out, struct err *);
void mock_close(void *self);

#endif
