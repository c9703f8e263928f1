/* faults.c: a web server on loopback that misbehaves in every way sites do: what the end-to-end
 * tests poll to see that one bad site costs nobody else anything. Not part of the program.
 * One thread a connection, one answer a connection: plain blocking code can hang and drip at will.
 *
 * usage: faults LOG CERTIFICATE   prints "PORT TLS-PORT", then serves until it is killed
 *   LOG gets a line a request: "HOST PATH". CERTIFICATE gets the self-signed one of the TLS port.
 *   GET /FAULT/NAME  a JSON feed of six items NAME-1 … NAME-6, spoilt as the table below says
 *   GET /xmlcut/NAME an XML feed that ends with the connection, the first time in the middle of an item
 *   GET /heal        from now on every FAULT is cured and gives its feed
 *   GET /robots.txt  by Host: 127.0.0.2 forbids all, 127.0.0.3 answers 503, others 404 */
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "core/buf.h"

#define ITEMS 6
#define GIB (1ull << 30)

struct conn {
    int fd;
    SSL *tls; /* NULL = plain */
    char path[256], name[64], host[64];
    int page; /* ?p=N */
    int hit;  /* how often this path was asked before */
    bool conditional; /* If-None-Match was sent */
};

static atomic_bool healed;
static FILE *log_file;
static int ports[2];
static SSL_CTX *tls_context;

/* --- writing --- */

static bool put(struct conn *c, const void *p, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t k = c->tls ? SSL_write(c->tls, (const char *)p + done, (int)(n - done))
                           : send(c->fd, (const char *)p + done, n - done, MSG_NOSIGNAL);
        if (k <= 0)
            return false;
        done += (size_t)k;
    }
    return true;
}

static bool say(struct conn *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool say(struct conn *c, const char *fmt, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return put(c, text, (size_t)n);
}

static bool chunk(struct conn *c, const void *p, size_t n)
{
    return say(c, "%zx\r\n", n) && put(c, p, n) && put(c, "\r\n", 2);
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* --- feeds --- */

static void item(struct buf *b, const struct conn *c, int n, const char *more)
{
    buf_printf(b, "%s{\"id\":\"%s-%d\",\"url\":\"http://127.0.0.1:%d/%s/%d\",\"content_text\":"
                  "\"Parcel %s-%d never arrived, I want a refund.%s\","
                  "\"date_published\":\"2026-11-20T0%d:00:00Z\"}",
               b->len && b->ptr[b->len - 1] != '[' ? "," : "", c->name, n, ports[0], c->name, n,
               c->name, n, more, n % 10);
}

static void feed_open(struct buf *b, const struct conn *c, int next)
{
    buf_printf(b, "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"%s\",", c->name);
    if (next)
        buf_printf(b, "\"next_url\":\"%s?p=%d\",", c->path, next);
    buf_puts(b, "\"items\":[");
}

static void feed(struct buf *b, const struct conn *c, int from, int to, int next)
{
    feed_open(b, c, next);
    for (int n = from; from > to ? n >= to : n <= to; n += from > to ? -1 : 1)
        item(b, c, n, "");
    buf_puts(b, "]}");
}

static void answer(struct conn *c, const struct buf *b, size_t claimed)
{
    say(c, "HTTP/1.1 200 OK\r\nContent-Type: application/feed+json\r\nContent-Length: %zu\r\n"
           "Connection: close\r\n\r\n", claimed);
    put(c, b->ptr, b->len);
}

static void send_feed(struct conn *c, int from, int to, int next)
{
    struct buf b = BUF_INIT(1 << 20);
    feed(&b, c, from, to, next);
    answer(c, &b, b.len);
    buf_free(&b);
}

static void good(struct conn *c)
{
    send_feed(c, ITEMS, 1, 0);
}

/* --- faults --- */

static void too_often(struct conn *c)
{
    say(c, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n");
}

static void ill(struct conn *c)
{
    say(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
}

static void hang(struct conn *c)
{
    char byte;
    recv(c->fd, &byte, 1, 0); /* until the other side has had enough */
}

static void drip(struct conn *c)
{
    say(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{");
    while (say(c, "          "))
        pause_ms(100);
}

static void cut(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    feed(&b, c, ITEMS, 1, 0);
    size_t whole = b.len;
    b.len /= 2;
    answer(c, &b, whole);
    buf_free(&b);
}

/* No length is told, so nobody can see that the first answer is half of one; who keeps its ETag and
 * asks whether anything changed never gets the rest. */
static void xml_cut(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    buf_puts(&b, "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>t</title>");
    for (int n = ITEMS; n > 0; n--)
        buf_printf(&b, "<item><guid isPermaLink=\"false\">%s-%d</guid><description>Parcel %s-%d never "
                       "arrived, and nobody answers: I want a refund.</description></item>\n",
                   c->name, n, c->name, n);
    buf_puts(&b, "</channel></rss>");
    if (c->hit == 0)
        b.len -= strlen("answers: I want a refund.</description></item>\n</channel></rss>");
    if (c->conditional) {
        say(c, "HTTP/1.1 304 Not Modified\r\n\r\n");
    } else {
        say(c, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n");
        put(c, b.ptr, b.len);
    }
    buf_free(&b);
}

static void chunk_cut(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    feed(&b, c, ITEMS, 1, 0);
    say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    chunk(c, b.ptr, b.len); /* all of it, but nobody said it was all */
    buf_free(&b);
}

static void short_length(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    feed(&b, c, ITEMS, 1, 0);
    answer(c, &b, b.len / 2);
    buf_free(&b);
}

static void loop(struct conn *c)
{
    say(c, "HTTP/1.1 302 Found\r\nLocation: %s?p=%d\r\nContent-Length: 0\r\n\r\n", c->path,
        c->page + 1);
}

static void error_page(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    buf_puts(&b, "<!doctype html><title>Sign in</title><h1>Please sign in to continue</h1>");
    answer(c, &b, b.len);
    buf_free(&b);
}

static void nothing(struct conn *c)
{
    struct buf b = BUF_INIT(16);
    answer(c, &b, 0);
}

static void empty_later(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    feed_open(&b, c, 0);
    for (int n = ITEMS; n >= 1 && c->hit == 0; n--)
        item(&b, c, n, "");
    buf_puts(&b, "]}");
    answer(c, &b, b.len);
    buf_free(&b);
}

static void overlap(struct conn *c) /* a post arrives between two pages: the rest moves on */
{
    static const int from[] = {6, 4, 2}, to[] = {4, 2, 1};
    int p = c->page > 2 ? 2 : c->page;
    send_feed(c, from[p], to[p], p < 2 ? p + 1 : 0);
}

static void reorder(struct conn *c)
{
    if (c->hit % 2)
        send_feed(c, 1, ITEMS, 0);
    else
        good(c);
}

static void duplicates(struct conn *c)
{
    struct buf b = BUF_INIT(1 << 20);
    feed_open(&b, c, 0);
    for (int n = ITEMS; n >= 1; n--) {
        item(&b, c, n, "");
        item(&b, c, n, "");
    }
    buf_puts(&b, "]}");
    answer(c, &b, b.len);
    buf_free(&b);
}

static void reuse(struct conn *c) /* an old id comes back with another matter */
{
    struct buf b = BUF_INIT(1 << 20);
    feed_open(&b, c, 0);
    for (int n = ITEMS; n >= 1; n--)
        item(&b, c, n, n == 1 && c->hit ? " And another thing broke." : "");
    buf_puts(&b, "]}");
    answer(c, &b, b.len);
    buf_free(&b);
}

static void endless(struct conn *c)
{
    int from = 1 + c->page * 2;
    send_feed(c, from, from + 1, c->page + 1);
}

static void bomb(struct conn *c) /* a GiB of spaces in one MiB of gzip */
{
    static unsigned char blank[1 << 16], out[1 << 16];
    z_stream z = {0};
    bool open = true;
    memset(blank, ' ', sizeof blank);
    if (deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    say(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (size_t sent = 0; sent < GIB && open; sent += sizeof blank) {
        z.next_in = blank;
        z.avail_in = sizeof blank;
        while (z.avail_in && open) {
            z.next_out = out;
            z.avail_out = sizeof out;
            deflate(&z, Z_NO_FLUSH);
            if (z.avail_out < sizeof out)
                open = chunk(c, out, sizeof out - z.avail_out);
        }
    }
    deflateEnd(&z);
}

static void huge_body(struct conn *c)
{
    static char blank[1 << 16];
    memset(blank, ' ', sizeof blank);
    for (size_t sent = 0; sent < GIB && put(c, blank, sizeof blank); sent += sizeof blank)
        ;
}

static void huge(struct conn *c)
{
    say(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
    huge_body(c);
}

static void huge_told(struct conn *c)
{
    say(c, "HTTP/1.1 200 OK\r\nContent-Length: %llu\r\n\r\n", GIB);
    huge_body(c);
}

static void reset(struct conn *c)
{
    struct linger now = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void no_http(struct conn *c)
{
    say(c, "SSH-2.0-OpenSSH_9.2\r\n");
}

static void forbidden(struct conn *c)
{
    say(c, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
}

static void gone(struct conn *c)
{
    say(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

static const struct {
    const char *name;
    void (*serve)(struct conn *);
    bool heals;
} faults[] = {
    {"good", good, false},           {"429", too_often, true},       {"503", ill, true},
    {"hang", hang, true},            {"drip", drip, true},           {"cut", cut, true},
    {"xmlcut", xml_cut, false},
    {"chunkcut", chunk_cut, true},   {"short", short_length, true},  {"loop", loop, true},
    {"login", error_page, true},     {"nothing", nothing, true},     {"empty", empty_later, true},
    {"overlap", overlap, false},     {"reorder", reorder, false},    {"dup", duplicates, false},
    {"reuse", reuse, false},         {"endless", endless, false},    {"bomb", bomb, true},
    {"huge", huge, true},            {"hugetold", huge_told, true},  {"reset", reset, true},
    {"nohttp", no_http, true},       {"forbidden", forbidden, true}, {"gone", gone, true},
};

/* --- serving --- */

static void robots(struct conn *c)
{
    static const char all[] = "User-agent: *\nDisallow: /\n";
    if (strncmp(c->host, "127.0.0.2", 9) == 0)
        say(c, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", sizeof all - 1, all);
    else if (strncmp(c->host, "127.0.0.3", 9) == 0)
        ill(c);
    else
        gone(c);
}

static int hits_before(const char *path)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct {
        char path[256];
        int count;
    } seen[256];
    int before = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 256; i++) {
        if (!seen[i].path[0])
            snprintf(seen[i].path, sizeof seen[i].path, "%s", path);
        if (strcmp(seen[i].path, path) == 0) {
            before = seen[i].count++;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    return before;
}

static void dispatch(struct conn *c)
{
    char kind[64] = "";
    if (strcmp(c->path, "/heal") == 0) {
        atomic_store(&healed, true);
        nothing(c);
        return;
    }
    if (strcmp(c->path, "/robots.txt") == 0) {
        robots(c);
        return;
    }
    sscanf(c->path, "/%63[^/]/%63s", kind, c->name);
    c->hit = hits_before(c->path);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].name, kind) == 0) {
            (faults[i].heals && atomic_load(&healed) ? good : faults[i].serve)(c);
            return;
        }
    gone(c);
}

static void read_request(struct conn *c)
{
    char text[8192];
    size_t n = 0;
    ssize_t k = 1;
    while (k > 0 && n < sizeof text - 1 && !memmem(text, n, "\r\n\r\n", 4)) {
        k = c->tls ? SSL_read(c->tls, text + n, (int)(sizeof text - 1 - n))
                   : recv(c->fd, text + n, sizeof text - 1 - n, 0);
        n += k > 0 ? (size_t)k : 0;
    }
    text[n] = '\0';
    if (sscanf(text, "GET %255s", c->path) != 1)
        return;
    char *host = strstr(text, "\nHost: "), *query = strchr(c->path, '?');
    c->conditional = strstr(text, "\nIf-None-Match: ") != NULL;
    if (host)
        sscanf(host, "\nHost: %63s", c->host);
    if (query) {
        *query = '\0';
        sscanf(query + 1, "p=%d", &c->page);
    }
    fprintf(log_file, "%s %s\n", c->host, c->path);
    dispatch(c);
}

struct door {
    int listener;
    bool tls;
};

static void *attend(void *arg)
{
    struct conn *c = arg;
    if (!c->tls || SSL_accept(c->tls) == 1)
        read_request(c);
    if (c->tls)
        SSL_free(c->tls);
    close(c->fd);
    free(c);
    return NULL;
}

static void *open_door(void *arg)
{
    const struct door *d = arg;
    for (;;) {
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        int fd = accept(d->listener, (struct sockaddr *)&peer, &len);
        if (fd < 0 || ntohl(peer.sin_addr.s_addr) >> 24 != 127) { /* neighbours are not served */
            close(fd);
            continue;
        }
        struct conn *c = calloc(1, sizeof *c);
        pthread_t t;
        c->fd = fd;
        if (d->tls) {
            c->tls = SSL_new(tls_context);
            SSL_set_fd(c->tls, fd);
        }
        pthread_create(&t, NULL, attend, c);
        pthread_detach(t);
    }
    return NULL;
}

static int listen_on(int *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 256) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
        perror("faults");
        exit(1);
    }
    *port = ntohs(a.sin_port);
    return fd;
}

/* A certificate nobody vouches for, right in all else: trusted once it is named as an authority. */
static void make_certificate(const char *path)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    X509V3_CTX ctx;
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), (long)time(NULL));
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, key);
    X509_NAME *name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1", -1, -1, 0);
    X509_set_issuer_name(x, name);
    X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
    X509_EXTENSION *alt = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(x, alt, -1);
    X509_EXTENSION_free(alt);
    X509_sign(x, key, EVP_sha256());
    tls_context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(tls_context, x);
    SSL_CTX_use_PrivateKey(tls_context, key);
    FILE *f = fopen(path, "we");
    if (!f || !PEM_write_X509(f, x)) {
        perror(path);
        exit(1);
    }
    fclose(f);
}

int main(int argc, char **argv)
{
    static struct door doors[2];
    pthread_t second;
    if (argc != 3)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    log_file = fopen(argv[1], "we");
    if (!log_file)
        return 1;
    setvbuf(log_file, NULL, _IOLBF, 0);
    make_certificate(argv[2]);
    for (int i = 0; i < 2; i++)
        doors[i] = (struct door){listen_on(&ports[i]), i == 1};
    printf("%d %d\n", ports[0], ports[1]);
    fflush(stdout);
    pthread_create(&second, NULL, open_door, &doors[1]);
    open_door(&doors[0]);
    return 0;
}
