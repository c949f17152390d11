#include "tally.h"

#include <stdio.h>
#include <stdlib.h>

/* All of standard input; the caller frees it. */
static char *read_all(size_t *length)
{
    size_t capacity = 65536;
    char *text = malloc(capacity);
    *length = 0;
    while (text) {
        *length += fread(text + *length, 1, capacity - *length, stdin);
        if (*length < capacity)
            break;
        char *larger = realloc(text, capacity *= 2);
        if (!larger)
            free(text);
        text = larger;
    }
    return text;
}

int main(void)
{
    size_t length = 0;
    char *text = read_all(&length);
    struct tally *tally = tally_new();
    if (!text || !tally || tally_add_text(tally, text, length) != 0) {
        fputs("tally: out of memory\n", stderr);
        return 1;
    }
    const struct tally_entry *entries = tally_sorted(tally);
    for (size_t i = 0; entries && i < tally_size(tally); ++i)
        printf("%zu %s\n", entries[i].count, entries[i].word);
    tally_free(tally);
    free(text);
    return ferror(stdin) || fflush(stdout) != 0;
}
