/* transport_curl_sockets.c: which sockets epoll watches. After every answer curl takes its interest
 * in a socket back, and declares it again with the next request; telling the kernel both times costs
 * more than reading the answer. So a socket that was opened here, whose closing is therefore seen
 * here too, stays watched while it rests in curl's pool: all that can come from it is the peer's
 * goodbye, and that ends the watch. (curl's other sockets, those of its resolver, are not kept.) */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/address.h"
#include "net/transport_curl_private.h"

struct watch {
    bool ours;                /* opened by open_socket */
    unsigned char told, wanted; /* EPOLLIN, EPOLLOUT: to the kernel, by curl */
};

struct curl_sockets {
    struct watch *fds;
    size_t room;
};

static struct watch *watch_of(struct curl_driver *d, curl_socket_t fd)
{
    struct curl_sockets *s = d->sockets;
    if (!s) {
        s = d->sockets = calloc(1, sizeof *s);
        if (!s)
            abort();
    }
    if ((size_t)fd >= s->room) {
        size_t room = s->room ? s->room : 256;
        while (room <= (size_t)fd)
            room *= 2;
        struct watch *more = realloc(s->fds, room * sizeof *more);
        if (!more)
            abort();
        memset(more + s->room, 0, (room - s->room) * sizeof *more);
        s->fds = more;
        s->room = room;
    }
    return &s->fds[fd];
}

/* Looks at the address that will really be connected to, after the name was resolved, so that a
 * name which changes its address between a check and its use gains nothing. */
curl_socket_t curl_sockets_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct curl_transfer *t = ctx;
    (void)purpose;
    if (t->public_only && address_is_private(&address->addr)) {
        t->private_refused = true;
        return CURL_SOCKET_BAD;
    }
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    *watch_of(t->driver, fd) = (struct watch){.ours = true};
    return fd;
}

int curl_sockets_close(void *driver, curl_socket_t fd)
{
    *watch_of(driver, fd) = (struct watch){0}; /* the kernel forgets it by itself */
    return close(fd);
}

static void tell(int epoll, struct watch *w, curl_socket_t fd, uint64_t tag, unsigned events)
{
    struct epoll_event ev = {.events = events, .data.u64 = tag};
    int op = !events ? EPOLL_CTL_DEL : w->told ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(epoll, op, fd, &ev) != 0 && events)
        epoll_ctl(epoll, errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev);
    w->told = (unsigned char)events;
}

void curl_sockets_want(struct curl_driver *d, int epoll, curl_socket_t fd, uint64_t tag, int what)
{
    struct watch *w = watch_of(d, fd);
    bool in = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
    bool out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
    unsigned events = (in ? EPOLLIN : 0u) | (out ? EPOLLOUT : 0u);
    w->wanted = (unsigned char)events;
    bool rests = !events && w->ours && w->told == EPOLLIN;
    if (w->told != events && !rests)
        tell(epoll, w, fd, tag, events);
}

bool curl_sockets_wanted(struct curl_driver *d, int epoll, curl_socket_t fd)
{
    struct watch *w = watch_of(d, fd);
    if (!w->wanted && w->told)
        tell(epoll, w, fd, 0, 0);
    return w->wanted;
}

void curl_sockets_end(struct curl_driver *d)
{
    if (d->sockets)
        free(d->sockets->fds);
    free(d->sockets);
    d->sockets = NULL;
}
