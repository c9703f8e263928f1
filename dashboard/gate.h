/* gate.h: holds the number of open connections of an evhttp at DF_MAX_CONNECTIONS; more wait in
 * the kernel's backlog until one ends. evhttp of this age has no such limit of its own. */
#ifndef DF_DASHBOARD_GATE_H
#define DF_DASHBOARD_GATE_H

struct event_base;
struct evhttp;
struct evhttp_bound_socket;
struct gate;

struct gate *gate_new(struct event_base *base, struct evhttp *http,
                      struct evhttp_bound_socket *socket);
/* After evhttp_free: the last references to the connections go. */
void gate_free(struct gate **g);

#endif
