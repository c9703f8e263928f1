#!/bin/sh
# layers.sh: checks the layer rule from the #include lines of the sources:
#   core <- model <- {net, analyzer, storage}; collector -> net; reply -> analyzer;
#   casework -> storage, reply; alerts -> storage, net; dashboard -> casework, reply, storage;
#   cmd -> all. Each foreign library is included by one file or one small folder.
cd "$(dirname "$0")/.." || exit 2
awk '
BEGIN {
    may["core"]      = "core"
    may["model"]     = "model core"
    may["net"]       = "net model core"
    may["analyzer"]  = "analyzer model core"
    may["storage"]   = "storage model core"
    may["collector"] = "collector net model core"
    may["reply"]     = "reply analyzer model core"
    may["casework"]  = "casework storage reply model core"
    may["alerts"]    = "alerts storage net model core"
    may["dashboard"] = "dashboard casework reply storage model core"
    rooms = "core model net analyzer storage collector reply casework alerts dashboard cmd"

    only["<curl/curl.h>"] = "net/transport_curl"
    only["<jansson.h>"] = "core/json.h"
    only["<libfyaml.h>"] = "core/yaml.c"
    only["<sodium.h>"] = "core/digest.c"
    only["<utf8proc.h>"] = "core/term.c core/length.c analyzer/ collector/"
    only["<pcre2.h>"] = "analyzer/regex.c"
    only["<sqlite3.h>"] = "storage/store_sqlite"
    only["<jq.h>"] = "collector/"
    only["<expat.h>"] = "collector/"
    only["<event2/"] = "dashboard/ cmd/serve"
    only["<libxml/"] = "collector/"
}
/^#[ \t]*include[ \t]/ {
    split(FILENAME, part, "/"); room = part[1]
    if (match($0, /"[^"]+"/)) {
        path = substr($0, RSTART + 1, RLENGTH - 2)
        split(path, to, "/")
        if (room != "cmd" && (" " rooms " ") ~ (" " to[1] " ") && (" " may[room] " ") !~ (" " to[1] " ")) {
            printf "%s:%d: %s may not include %s (allowed: %s)\n", FILENAME, FNR, room, path, may[room]
            bad++
        }
    }
    for (lib in only) if (index($0, lib)) {
        n = split(only[lib], homes, " "); ok = 0
        for (i = 1; i <= n; i++) if (index(FILENAME, homes[i]) == 1) ok = 1
        if (!ok) { printf "%s:%d: %s belongs to %s alone\n", FILENAME, FNR, lib, only[lib]; bad++ }
    }
}
END { printf "layers: %d passed, %d failed\n", bad ? 0 : 1, bad + 0; exit bad > 0 }
' $(find core model net analyzer storage collector reply casework alerts dashboard cmd -name '*.[ch]' 2>/dev/null)
