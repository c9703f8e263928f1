/* loopback.c: the other side of the end-to-end tests: a web server on 127.0.0.1 that serves a
 * folder with ETags and receives webhooks, checking each signature. Not part of the program.
 *
 * usage: loopback FOLDER LOG SECRET     prints "PORT" once it listens; ends on SIGTERM
 *   GET /path        FOLDER/path, 304 when If-None-Match fits, 404 when absent
 *   POST /hook       200; LOG gets "ok|bad WEBHOOK-ID BYTES"
 *   POST /hook/503   503 always          POST /hook/410   410 always
 *   POST /hook/flaky 503 with Retry-After: 1 on every first sight of an id, then as /hook  */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/arena.h"
#include "core/digest.h"
#include "core/file.h"

static const char *folder, *log_path;
static struct str secret;

static const char *header(struct evhttp_request *r, const char *name)
{
    const char *v = evhttp_find_header(evhttp_request_get_input_headers(r), name);
    return v ? v : "";
}

static struct str body_of(struct evhttp_request *r)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(r);
    size_t n = evbuffer_get_length(in);
    return str_n((const char *)evbuffer_pullup(in, -1), n);
}

/* Standard Webhooks: base64 HMAC-SHA256 over "id.timestamp.body", keyed by the decoded secret. */
static bool signature_fits(struct evhttp_request *r)
{
    unsigned char key[64], mac[DIGEST_BYTES];
    size_t key_len;
    if (!str_starts(secret, STR("whsec_")) ||
        !digest_unbase64(str_sub(secret, 6, secret.len), key, sizeof key, &key_len))
        return false;
    struct buf text = BUF_INIT(1 << 20), want = BUF_INIT(128);
    buf_printf(&text, "%s.%s.", header(r, "webhook-id"), header(r, "webhook-timestamp"));
    buf_str(&text, body_of(r));
    digest_hmac_sha256(str_n((char *)key, key_len), buf_view(&text), mac);
    buf_puts(&want, "v1,");
    digest_base64(&want, mac, sizeof mac);
    bool ok = str_find(str_of(header(r, "webhook-signature")), buf_view(&want)) >= 0;
    buf_free(&text);
    buf_free(&want);
    return ok;
}

static bool seen_before(const char *id)
{
    static char seen[65536][64];
    static int count;
    for (int i = 0; i < count; i++)
        if (strcmp(seen[i], id) == 0)
            return true;
    if (count < 65536)
        snprintf(seen[count++], sizeof seen[0], "%s", id);
    return false;
}

static void hook(struct evhttp_request *r, const char *path)
{
    const char *id = header(r, "webhook-id");
    if (strcmp(path, "/hook/503") == 0 || strcmp(path, "/hook/410") == 0) {
        evhttp_send_reply(r, atoi(path + 6), "told to", NULL); /* lint: allow banned because a test */
        return;
    }
    if (strcmp(path, "/hook/flaky") == 0 && !seen_before(id)) {
        evhttp_add_header(evhttp_request_get_output_headers(r), "Retry-After", "1");
        evhttp_send_reply(r, 503, "later", NULL);
        return;
    }
    FILE *f = fopen(log_path, "ae");
    if (f) {
        fprintf(f, "%s %s %zu\n", signature_fits(r) ? "ok" : "bad", id, body_of(r).len);
        fclose(f);
    }
    evhttp_send_reply(r, 200, "OK", NULL);
}

static void page(struct evhttp_request *r, const char *path)
{
    struct arena *a = arena_new();
    struct str file = arena_printf(a, "%s%s", folder, path), data;
    struct stat st;
    if (strstr(path, "..") || stat(file.ptr, &st) != 0 || !S_ISREG(st.st_mode) ||
        file_read(a, file.ptr, 64 << 20, &data, NULL) != DF_OK) {
        evhttp_send_error(r, 404, "not here");
        arena_free(&a);
        return;
    }
    unsigned char raw[DIGEST_BYTES];
    char etag[DIGEST_HEX + 3] = "\"";
    digest_sha256(data, raw);
    digest_hex(raw, sizeof raw, etag + 1);
    strcat(etag, "\""); /* lint: allow banned because the array has room for it */
    evhttp_add_header(evhttp_request_get_output_headers(r), "ETag", etag);
    if (strcmp(header(r, "If-None-Match"), etag) == 0) {
        evhttp_send_reply(r, 304, "Not Modified", NULL);
    } else {
        struct evbuffer *out = evbuffer_new();
        evbuffer_add(out, data.ptr, data.len);
        evhttp_send_reply(r, 200, "OK", out);
        evbuffer_free(out);
    }
    arena_free(&a);
}

static void serve(struct evhttp_request *r, void *ctx)
{
    (void)ctx;
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(r));
    if (evhttp_request_get_command(r) == EVHTTP_REQ_POST)
        hook(r, path);
    else
        page(r, path);
}

static void stop(evutil_socket_t fd, short what, void *base)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(base);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    folder = argv[1];
    log_path = argv[2];
    secret = str_of(argv[3]);
    struct event_base *base = event_base_new();
    struct evhttp *http = evhttp_new(base);
    struct evhttp_bound_socket *s = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
    if (!s)
        return 1;
    evhttp_set_gencb(http, serve, NULL);
    struct sockaddr_storage addr;
    socklen_t len = sizeof addr;
    getsockname(evhttp_bound_socket_get_fd(s), (struct sockaddr *)&addr, &len);
    printf("%d\n", ntohs(((struct sockaddr_in *)&addr)->sin_port));
    fflush(stdout);
    struct event *term = evsignal_new(base, SIGTERM, stop, base);
    event_add(term, NULL);
    event_base_dispatch(base);
    event_free(term);
    evhttp_free(http);
    event_base_free(base);
    return 0;
}
