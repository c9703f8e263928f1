/* sink_stdout.c: alerts as plain lines on the standard output: for cron mails, pipes, trying. */
#include <errno.h>

#include "alerts/sink.h"

static void put_indented(struct buf *b, struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        buf_puts(b, "  > ");
        buf_str(b, line);
        buf_putc(b, '\n');
    }
}

static void put_part(struct buf *b, const struct doc_part *p)
{
    switch (p->kind) {
    case DOC_TITLE:
    case DOC_PARA:
        buf_puts(b, p->kind == DOC_TITLE ? "" : "  ");
        buf_str(b, p->label);
        buf_putc(b, '\n');
        return;
    case DOC_QUOTE:
        if (p->label.len)
            buf_printf(b, "  %.*s:\n", STR_FMT(p->label));
        put_indented(b, p->text.raw);
        return;
    case DOC_FIELD:
        buf_printf(b, "  %.*s: %.*s\n", STR_FMT(p->label), STR_FMT(p->text.raw));
        return;
    case DOC_BUTTON:
        buf_printf(b, "  %.*s: %.*s\n", STR_FMT(p->label), STR_FMT(p->url));
        return;
    }
}

static enum df_rc render(const struct sink_job *job, struct net_request *out, struct err *err)
{
    struct doc d = doc_build(job->alert, job->conf, &job->limits, job->arena);
    struct buf b = BUF_INIT(job->limits.total * 2);
    (void)err;
    for (int i = 0; i < d.count; i++)
        put_part(&b, &d.parts[i]);
    buf_putc(&b, '\n');
    enum df_rc rc = sink_body(job, &b, out);
    buf_free(&b);
    return rc;
}

static enum df_rc deliver(FILE *out, const struct net_request *req, struct err *err)
{
    if (fwrite(req->body.ptr, 1, req->body.len, out) != req->body.len || fflush(out) != 0)
        return err_set(err, DF_RETRY, "the standard output: %s", strerror(errno));
    return DF_OK;
}

const struct sink_ops sink_stdout = {
    .name = "stdout",
    .limits = {.unit = LENGTH_CHARS, .title = 200, .quote = 4000, .field = 1000, .total = 65536},
    .render = render,
    .deliver = deliver,
};
