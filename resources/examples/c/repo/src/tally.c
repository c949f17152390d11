#include "tally.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    struct tally_entry *entries; /* in order of appearance */
    size_t size;
    size_t capacity;
    size_t *slots; /* open addressing; index of an entry + 1, 0 = free */
    size_t slot_count;
    struct tally_entry *sorted;
};

static uint64_t hash_of(const char *word, size_t length)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < length; ++i) {
        hash ^= (unsigned char)word[i];
        hash *= 1099511628211u;
    }
    return hash;
}

/* The slot that holds the word, or the free one where it belongs. */
static size_t *slot_of(const struct tally *tally, const char *word, size_t length)
{
    size_t at = hash_of(word, length) & (tally->slot_count - 1);
    for (;; at = (at + 1) & (tally->slot_count - 1)) {
        size_t index = tally->slots[at];
        if (index == 0)
            return &tally->slots[at];
        const char *known = tally->entries[index - 1].word;
        if (strncmp(known, word, length) == 0 && known[length] == '\0')
            return &tally->slots[at];
    }
}

static int grow(struct tally *tally)
{
    size_t capacity = tally->capacity ? tally->capacity * 2 : 32;
    struct tally_entry *entries = realloc(tally->entries, capacity * sizeof *entries);
    if (!entries)
        return -1;
    tally->entries = entries;
    size_t *slots = calloc(capacity * 2, sizeof *slots);
    if (!slots)
        return -1;
    free(tally->slots);
    tally->slots = slots;
    tally->slot_count = capacity * 2;
    tally->capacity = capacity;
    for (size_t i = 0; i < tally->size; ++i)
        *slot_of(tally, entries[i].word, strlen(entries[i].word)) = i + 1;
    return 0;
}

struct tally *tally_new(void)
{
    return calloc(1, sizeof(struct tally));
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    for (size_t i = 0; i < tally->size; ++i)
        free((char *)tally->entries[i].word);
    free(tally->entries);
    free(tally->slots);
    free(tally->sorted);
    free(tally);
}

int tally_add(struct tally *tally, const char *word, size_t length)
{
    if (tally->size == tally->capacity && grow(tally) != 0)
        return -1;
    char *copy = malloc(length + 1);
    if (!copy)
        return -1;
    for (size_t i = 0; i < length; ++i)
        copy[i] = (char)tolower((unsigned char)word[i]);
    copy[length] = '\0';
    size_t *slot = slot_of(tally, copy, length);
    if (*slot != 0) {
        free(copy);
        ++tally->entries[*slot - 1].count;
        return 0;
    }
    tally->entries[tally->size] = (struct tally_entry){copy, 1};
    *slot = ++tally->size;
    return 0;
}

int tally_add_text(struct tally *tally, const char *text, size_t length)
{
    size_t start = 0;
    for (size_t i = 0; i <= length; ++i) {
        if (i < length && isalnum((unsigned char)text[i]))
            continue;
        if (i > start && tally_add(tally, text + start, i - start) != 0)
            return -1;
        start = i + 1;
    }
    return 0;
}

size_t tally_size(const struct tally *tally)
{
    return tally->size;
}

static int by_count(const void *left, const void *right)
{
    const struct tally_entry *a = left;
    const struct tally_entry *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->word, b->word);
}

const struct tally_entry *tally_sorted(struct tally *tally)
{
    free(tally->sorted);
    tally->sorted = malloc((tally->size + 1) * sizeof *tally->sorted);
    if (!tally->sorted)
        return NULL;
    if (tally->size > 0)
        memcpy(tally->sorted, tally->entries, tally->size * sizeof *tally->sorted);
    qsort(tally->sorted, tally->size, sizeof *tally->sorted, by_count);
    return tally->sorted;
}
