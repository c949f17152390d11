#ifndef TALLY_H
#define TALLY_H

#include <stddef.h>

/* A set of words with how often each was seen. */
struct tally;

struct tally_entry {
    const char *word;
    size_t count;
};

struct tally *tally_new(void);
void tally_free(struct tally *tally);

/* Counts one word of `length` bytes; lower and upper case are the same. Returns 0, or -1 when memory ran out. */
int tally_add(struct tally *tally, const char *word, size_t length);
/* Counts every word of a text: runs of letters and digits. */
int tally_add_text(struct tally *tally, const char *text, size_t length);

size_t tally_size(const struct tally *tally);
/* All entries, most frequent first, then by the alphabet. Valid until the next tally_add. NULL when memory ran out. */
const struct tally_entry *tally_sorted(struct tally *tally);

#endif
