#include "dashboard/gate.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/limits.h"

/* How often a closed gate looks whether someone has left. */
enum { GATE_LOOK_MS = 100 };

struct gate {
    struct event_base *base;
    struct evconnlistener *listener;
    struct event *look;
    struct bufferevent *open[DF_MAX_CONNECTIONS]; /* each held by one reference of ours */
    size_t count;
};

/* evhttp takes its callbacks off a bufferevent when it lets go of the connection. */
static bool is_gone(struct bufferevent *b)
{
    bufferevent_data_cb read, write;
    bufferevent_event_cb event;

    bufferevent_getcb(b, &read, &write, &event, NULL);
    return !read && !write && !event;
}

static void sweep(struct gate *g)
{
    size_t kept = 0;

    for (size_t i = 0; i < g->count; i++) {
        if (is_gone(g->open[i]))
            bufferevent_decref(g->open[i]);
        else
            g->open[kept++] = g->open[i];
    }
    g->count = kept;
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
    struct gate *g = arg;

    (void)fd;
    (void)what;
    sweep(g);
    if (g->count < DF_MAX_CONNECTIONS) {
        evconnlistener_enable(g->listener);
    } else {
        struct timeval soon = {0, GATE_LOOK_MS * 1000};

        event_add(g->look, &soon);
    }
}

/* evhttp asks for a bufferevent when a connection comes in. */
static struct bufferevent *on_connection(struct event_base *base, void *arg)
{
    struct gate *g = arg;
    struct bufferevent *b;

    sweep(g);
    b = bufferevent_socket_new(base, -1, 0);
    if (b && g->count < DF_MAX_CONNECTIONS) {
        bufferevent_incref(b);
        g->open[g->count++] = b;
    }
    if (g->count == DF_MAX_CONNECTIONS) {
        struct timeval soon = {0, GATE_LOOK_MS * 1000};

        evconnlistener_disable(g->listener);
        event_add(g->look, &soon);
    }
    return b;
}

struct gate *gate_new(struct event_base *base, struct evhttp *http,
                      struct evhttp_bound_socket *socket)
{
    struct gate *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->base = base;
    g->listener = evhttp_bound_socket_get_listener(socket);
    g->look = evtimer_new(base, on_look, g);
    evhttp_set_bevcb(http, on_connection, g);
    return g;
}

void gate_free(struct gate **gp)
{
    struct gate *g = *gp;

    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++)
        bufferevent_decref(g->open[i]);
    event_free(g->look);
    free(g);
    *gp = NULL;
}
