/* ratings.h: what a place says of all its reviews together, for people and as JSON. Shared by
 * `defuse source` and `defuse export`. */
#ifndef DF_CMD_RATINGS_H
#define DF_CMD_RATINGS_H

#include "core/buf.h"
#include "model/overall.h"
#include "storage/store.h"

/* {"at":…,"source":…,"about":…,"stars":4.3,"rating":"4.3","best":5,"ratings":1204,"reviews":88} */
void rating_put_json(struct buf *b, const struct rating_row *r);
/* "4.30 of 5 from 1204 (Kettle One)" */
void overall_put_text(struct buf *b, const struct overall *o);

#endif
