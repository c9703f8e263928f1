/* A handle with a deadline gives up in time; one without has patience. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "casework/casework.h"
#include "storage/store.h"

#define NOW INT64_C(1795226400000)

static char path[64];
static struct store *one, *two;

static void begin(void)
{
    int fd;

    strcpy(path, "/tmp/defuse-deadline-XXXXXX"); /* lint: allow banned because the text is ours */
    fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(store_open(path, &one, NULL), DF_OK);
    cr_assert_eq(store_open(path, &two, NULL), DF_OK);
}

static void end(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[80];

    store_close(&one);
    store_close(&two);
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

TestSuite(store_deadline, .init = begin, .fini = end, .timeout = 60);

Test(store_deadline, a_writer_elsewhere_is_not_waited_for)
{
    int64_t began = clock_ticks_ms();

    cr_assert_eq(store_begin(one, NULL), DF_OK);
    two->deadline = began + 50;
    cr_expect_eq(store_begin(two, NULL), DF_RETRY);
    cr_expect_lt(clock_ticks_ms() - began, 5000, "not the usual patience");
    store_rollback(one);
    two->deadline = 0;
    cr_expect_eq(store_begin(two, NULL), DF_OK);
    store_rollback(two);
}

Test(store_deadline, a_dear_question_is_given_up)
{
    struct arena *a = arena_new();
    struct clock clock = clock_fixed(NOW);
    struct casework_conf conf = casework_conf_default();
    struct casework cw = {one, &clock, &conf};
    struct queue_filter f = {.text = STR("nowhere to be found"), .now = NOW, .limit = 50};
    struct case_row *rows;
    int count = 0;

    cr_assert_eq(store_begin(one, NULL), DF_OK);
    for (int i = 0; i < 500; i++) {
        struct post_row row = {.post = POST_INIT};
        struct verdict v = {.lang = STR("en"), .urgency = URGENCY_P3, .needs_reply = true};
        struct post_put put;
        struct triage done;

        row.post.channel = STR("forum");
        row.post.id = row.post.text = arena_printf(a, "post %d", i);
        row.post.created = row.post.seen = NOW;
        row.post.digest = post_digest(a, &row.post);
        cr_assert_eq(one->posts->put(one, &row.post, &put, NULL), DF_OK);
        row.id = put.id;
        row.version = put.version;
        cr_assert_eq(casework_triage(&cw, &row, &v, a, &done, NULL), DF_OK);
    }
    cr_assert_eq(store_commit(one, NULL), DF_OK);
    two->deadline = 1;
    cr_expect_eq(two->cases->list(two, &f, a, &rows, &count, NULL), DF_RETRY);
    two->deadline = 0;
    f.text = STR("post 499");
    cr_expect_eq(two->cases->list(two, &f, a, &rows, &count, NULL), DF_OK);
    cr_expect_eq(count, 1);
    arena_free(&a);
}
