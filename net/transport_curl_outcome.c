/* transport_curl_outcome.c: why a transfer failed, in words a community manager understands, and
 * whether a later try may help. Nothing of the request but its host is told: addresses may be
 * secrets. */
#include <stdio.h>

#include "core/clock.h"
#include "net/transport_curl_private.h"
#include "net/url.h"

/* For people who run a page, not a network: what happened, and where it is not plain, what to do. */
static const struct {
    CURLcode code;
    enum df_rc rc;
    bool detail; /* curl knows more than we do: its words follow */
    const char *text;
} outcomes[] = {
    {CURLE_URL_MALFORMAT, DF_REJECT, false, "this is no address that can be fetched"},
    {CURLE_UNSUPPORTED_PROTOCOL, DF_REJECT, false, "what answers there, or where it sends us, is no web server"},
    {CURLE_TOO_MANY_REDIRECTS, DF_REJECT, false, "it redirects in circles"},
    {CURLE_PEER_FAILED_VERIFICATION, DF_REJECT, true, "its certificate cannot be trusted"},
    {CURLE_SSL_CACERT_BADFILE, DF_REJECT, true, "the file of certificate authorities is unusable"},
    {CURLE_SSL_CONNECT_ERROR, DF_RETRY, true, "no secure connection came about"},
    {CURLE_BAD_CONTENT_ENCODING, DF_REJECT, false, "the compressed answer is damaged"},
    {CURLE_PARTIAL_FILE, DF_RETRY, false, "the answer broke off before its end"},
    {CURLE_RECV_ERROR, DF_RETRY, false, "the connection broke while the answer came in"},
    {CURLE_SEND_ERROR, DF_RETRY, false, "the connection broke while asking"},
    {CURLE_GOT_NOTHING, DF_RETRY, false, "the connection was closed without an answer"},
    {CURLE_HTTP2, DF_RETRY, false, "the connection broke (HTTP/2)"},
    {CURLE_HTTP2_STREAM, DF_RETRY, false, "the connection broke (HTTP/2)"},
    {CURLE_WEIRD_SERVER_REPLY, DF_REJECT, false, "what answers there is no web server"},
    {CURLE_COULDNT_CONNECT, DF_RETRY, false, "nothing answers there: the connection was refused"},
    {CURLE_COULDNT_RESOLVE_HOST, DF_RETRY, false,
     "there is no host of this name, or the name server does not answer"},
    {CURLE_COULDNT_RESOLVE_PROXY, DF_RETRY, false, "the proxy's name was not found"},
};

static enum df_rc say(struct curl_transfer *t, enum df_rc rc, struct err *err, const char *text)
{
    struct url u;
    if (!url_split(t->response.url, &u) || !u.host.len)
        return err_set(err, rc, "%s", text);
    return err_set(err, rc, "%.*s: %s", STR_FMT(u.host), text);
}

static enum df_rc too_slow(struct curl_transfer *t, struct err *err)
{
    curl_off_t connected = 0, bytes = 0;
    char text[160];
    curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    long long seconds = (clock_ticks_ms() - t->began + 500) / 1000;
    if (!connected)
        snprintf(text, sizeof text, "no connection within %lld s", seconds);
    else if (!t->response.status)
        snprintf(text, sizeof text, "no answer within %lld s", seconds);
    else
        snprintf(text, sizeof text, "the answer came too slowly: %lld bytes in %lld s, given up",
                 (long long)bytes, seconds);
    return say(t, DF_RETRY, err, text);
}

static enum df_rc too_large(struct curl_transfer *t, struct err *err)
{
    char text[160];
    snprintf(text, sizeof text, "the answer is larger than %zu MB, given up", t->body.max >> 20);
    return say(t, DF_REJECT, err, text);
}

enum df_rc curl_outcome(struct curl_transfer *t, CURLcode code, struct err *err)
{
    if (t->private_refused)
        return err_set(err, DF_REJECT, "the address is a private one; 'private_hosts: true' under "
                                       "network: allows that");
    if (t->too_big || code == CURLE_FILESIZE_EXCEEDED)
        return too_large(t, err);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return too_slow(t, err);
    const char *own = t->message[0] ? t->message : curl_easy_strerror(code);
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (outcomes[i].code == code) {
            char text[CURL_ERROR_SIZE + 80];
            snprintf(text, sizeof text, "%s%s%s%s", outcomes[i].text, outcomes[i].detail ? " (" : "",
                     outcomes[i].detail ? own : "", outcomes[i].detail ? ")" : "");
            return say(t, outcomes[i].rc, err, text);
        }
    return say(t, DF_RETRY, err, own);
}
