/* config.h: defuse.yaml as plain data. The one table of settings is config.def; this file knows
 * their shape, config.c reads and checks them. What the words mean to a room (clocks, sinks,
 * sources) is handed over by cmd/session.h. Lifetime: process (the arena given). */
#ifndef DF_CMD_CONFIG_H
#define DF_CMD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"

struct texts {
    struct str *items;
    int count;
};

struct config_param { /* a channel's own parameter of a source */
    struct str name, value;
    int line, col;
};

struct config_source {
    struct str name, channel, first_run;
    int64_t every; /* ms; 0 = the pack's */
    int64_t budget;
    bool robots, enabled;
    struct config_param *params;
    int param_count;
    int line, col;
};

struct config_sink {
    struct str name, type, url_env, url_file, secret_env, secret_file, min_urgency;
    bool enabled;
    int line, col;
};

struct config {
    const char *path; /* as given or found: for messages */
    const char *dir;  /* absolute folder that relative paths start at */
    struct str zone, database, language;
    int64_t now; /* DF_NO_TIME unless pretended */
    struct {
        struct str name, contact, owner, signer;
        struct texts aliases, languages;
    } brand;
    struct {
        int64_t minutes[3]; /* P1, P2, P3 */
        struct str hours;
        struct texts days;
        int hours_line, hours_col, days_line, days_col; /* where they stand; 0: not given */
    } clocks;
    struct config_source *sources;
    int source_count;
    struct config_sink *sinks;
    int sink_count;
    struct {
        struct str listen;
        struct texts hosts;
    } dashboard;
    struct {
        struct str contact, proxy, ca_file;
        bool private_hosts;
        int64_t timeout;
    } network;
    struct {
        struct texts dirs;
    } rules, channels;
};

/* Reads the file at path, or the first of $DEFUSE_CONFIG, ./defuse.yaml,
 * $XDG_CONFIG_HOME/defuse/defuse.yaml, /etc/defuse/defuse.yaml when path is NULL.
 * All faults go to diags with their places; DF_REJECT when there was one, DF_NONE when no file
 * was found (one fault says where it was looked for). out->dir is set as soon as there are
 * settings to go on with, so that a check can look for further faults in packs and rules. */
DF_CHECKED enum df_rc config_load(struct arena *a, const char *path, struct config *out,
                                  struct diags *diags);
/* A path of the file, made absolute against its folder. */
const char *config_path(struct arena *a, const struct config *c, struct str path);

enum config_section {
    SECTION_TOP, SECTION_BRAND, SECTION_CLOCKS, SECTION_SOURCE, SECTION_SINK, SECTION_DASHBOARD,
    SECTION_NETWORK, SECTION_RULES, SECTION_CHANNELS, SECTIONS
};
struct config_setting { /* for --explain and the manual */
    enum config_section section;
    const char *key, *kind, *fallback, *doc;
};
extern const struct config_setting config_settings[]; /* ends with a NULL key */
const char *config_section_name(enum config_section s);

#endif
