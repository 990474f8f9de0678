/* docket-ref in C, written by hand: the practical limit that docketflow is held against.
 *
 * The same algorithm as docketflow's kernel, without its generality: one packed record a person, a calendar of
 * chunks, lines in rings, records asked for sixteen people ahead, and forks flattened to one table of outcomes by
 * state and attributes (tables.py writes it). It knows this workload's traits, has no priorities, no clocks, no
 * dates and no twin, and adds the waits of whole lines.
 *
 * Build with -DSTRIDE=1, 2, 4 or 8 for records 8, 16, 32 or 64 bytes apart (build.sh). By themselves records are
 * read and written in their first word alone. -DLIKE is docketflow's memory: four words of a record are read and
 * written back, entries are 64 bits with a version that is checked (nothing here is ever stale), pages are of 2 MB.
 * Usage: docket_ref_r8 TABLES PEOPLE DAYS SEED [TURN]   (one line of JSON; seconds are of the days alone)
 * With TURN, waits for a line of input before every so many days, and says on a line the seconds those took.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#ifndef STRIDE
#define STRIDE 1 /* 64-bit words from one record to the next */
#endif
#define AHEAD 16
#define ENTRIES 254 /* of a chunk: 256 words with its next and its count */
#define RING 1024   /* days */
#define GOLDEN 0x9e3779b97f4a7c15ull

typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

#ifdef LIKE
#define TOUCHED 4 /* words of a record that are read and written back */
typedef uint64_t entry;
#define ENTRY(i, draws) ((u64)(i) | (u64)(draws) << 32)
#else
#define TOUCHED 1
typedef uint32_t entry;
#define ENTRY(i, draws) ((u32)(i))
#endif
#define PERSON(e) ((u64)(u32)(e))

enum mode { TIMER, ARREST, SERVICE };
enum { COURT_DETAINED, COURT_OTHER, FLIGHT, LINES };

static u16 first_outcome[32 * 128]; /* by state and attributes */
static u64 outcome[65536];          /* threshold 32 | freed 8 | law or line 6 | kind 2 | attributes 8 | state 8 */
static u16 law[64 * 1024];
static u32 arrested; /* the state that stands for having been found */

/* A record: draws 16 (from bit 32) | day joined 16 | attributes 8 | state 8. Attribute bit 0: holds a bed. */
typedef struct {
    u64 people, seed, ring; /* ring: size of a line's memory less one */
    int days, turn;
    u64 *record;
    entry *chunk;
    u32 head[RING];
    entry *line;
    i64 free_beds, freed;
    u64 free_chunk, next_chunk;
    u64 begin[LINES], end[LINES];
    i64 arrests, misses, timers, hearings, removals, hearing_wait, flight_wait, detained;
    double seconds;
} world;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* of the processor: neighbours cost nothing */
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static inline u64 mix(u64 z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static void *memory(size_t bytes) {
    void *found = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
#ifdef LIKE
    madvise(found, bytes, MADV_HUGEPAGE);
#endif
    return found;
}

/* Send on the n people of src[base + (off + k & mask)]; return the days they waited, summed. */
static __attribute__((noinline)) i64 batch(world *w, entry *src, u64 base, u64 off, u64 mask, u64 n, int mode,
                                           u64 day) {
    i64 free_beds = w->free_beds, freed = w->freed, misses = 0, waited = 0;
    u64 free_chunk = w->free_chunk, next_chunk = w->next_chunk;
    u64 end0 = w->end[COURT_DETAINED], end1 = w->end[COURT_OTHER], end2 = w->end[FLIGHT];
    u64 *record = w->record, ring = w->ring, seed = w->seed, from = mode == SERVICE ? day + 1 : day;
    entry *chunk = w->chunk, *line = w->line;
    u32 *head = w->head;
    for (u64 k = 0; k < (n < AHEAD ? n : AHEAD); k++)
        __builtin_prefetch(record + PERSON(src[base + ((off + k) & mask)]) * STRIDE, 1);
    for (u64 k = 0; k < n; k++) {
        if (k + AHEAD < n) __builtin_prefetch(record + PERSON(src[base + ((off + k + AHEAD) & mask)]) * STRIDE, 1);
        entry given_to = src[base + ((off + k) & mask)];
        u64 i = PERSON(given_to), j = i * STRIDE, word = record[j];
#ifdef LIKE
        if (mode != ARREST && (given_to >> 32) != ((word >> 32) & 0xffff)) continue;
#endif
        u64 state = word & 255, attributes = (word >> 8) & 127;
        if (mode == ARREST) {
            if (state) { /* not in the pool */
                misses++;
                continue;
            }
            state = arrested;
            if (free_beds > 0) {
                free_beds--;
                attributes |= 1;
            }
        } else if (mode == SERVICE) {
            waited += (i64)(day - ((word >> 16) & 0xffff));
        }
        u64 draws = (word >> 32) & 0xffff, u = mix(seed + ((i << 16) | draws) * GOLDEN);
        u64 o = first_outcome[(state << 7) | attributes], x = u >> 32, found = outcome[o];
        while (x > (found >> 32)) {
            o++;
            found = outcome[o];
        }
        i64 given = (found >> 24) & 255;
        if (mode == SERVICE)
            freed += given;
        else
            free_beds += given;
        u64 kind = (found >> 16) & 3, which = (found >> 18) & 63, next = (found & 0xffff) | ((draws + 1) << 32);
        for (int t = 1; t < TOUCHED; t++) record[j + t] = record[j + t] * 3 + kind;
        if (kind == 1) { /* a stay */
            record[j] = next;
            u64 due = (from + law[(which << 10) | (u & 1023)]) & (RING - 1);
            u64 h = head[due], at = h << 8, count = chunk[at | 1];
            if (h == 0 || count == ENTRIES) {
                u64 fresh = free_chunk;
                if (fresh)
                    free_chunk = chunk[fresh << 8];
                else
                    fresh = next_chunk++;
                at = fresh << 8;
                chunk[at] = (entry)h;
                head[due] = (u32)fresh;
                count = 0;
            }
            chunk[at + 2 + count] = ENTRY(i, draws + 1);
            chunk[at | 1] = (entry)(count + 1);
        } else if (kind == 2) { /* a line */
            record[j] = next | (day << 16);
            if (which == COURT_DETAINED)
                line[end0++ & ring] = ENTRY(i, draws + 1);
            else if (which == COURT_OTHER)
                line[ring + 1 + (end1++ & ring)] = ENTRY(i, draws + 1);
            else
                line[2 * (ring + 1) + (end2++ & ring)] = ENTRY(i, draws + 1);
        } else { /* the pool, or out */
            record[j] = next;
        }
    }
    w->free_beds = free_beds;
    w->freed = freed;
    w->free_chunk = free_chunk;
    w->next_chunk = next_chunk;
    w->end[COURT_DETAINED] = end0;
    w->end[COURT_OTHER] = end1;
    w->end[FLIGHT] = end2;
    w->misses += misses;
    return waited;
}

static void timers(world *w, u64 day) {
    u64 h = w->head[day & (RING - 1)];
    w->head[day & (RING - 1)] = 0;
    while (h) {
        u64 at = h << 8, next = w->chunk[at];
        i64 n = w->chunk[at | 1];
        if (next)
            for (int z = 0; z < 16; z++) __builtin_prefetch(w->chunk + (next << 8) + z * 16);
        batch(w, w->chunk, at + 2, 0, ~0ull, n, TIMER, day);
        w->timers += n;
        w->chunk[at] = (entry)w->free_chunk;
        w->free_chunk = h;
        h = next;
    }
}

static i64 events(const world *w) { return w->arrests + w->timers + w->hearings + w->removals; }

static void report_turn(const world *w, double began) {
    printf("{\"seconds\": %.6f, \"events\": %ld}\n", now() - began, events(w));
    fflush(stdout);
}

static void live(world *w) {
    u64 people = w->people;
    i64 arrests = llround(people * 1e-3), beds = llround(people * 6e-3);
    i64 hearings = llround(people * 8e-4), seats = llround(people * 2e-4);
    entry *chosen = malloc(sizeof(entry) * (arrests + 1));
    w->free_beds = beds;
    w->next_chunk = 1;
    u64 luck = mix(w->seed ^ 0xabcdefull);
    double began = now();
    for (int day = 0; day < w->days; day++) {
        if (w->turn && day % w->turn == 0) {
            if (day) report_turn(w, began);
            if (scanf("%*[^\n]") == EOF || getchar() == EOF) exit(0);
            began = now();
        }
        w->free_beds += w->freed;
        w->freed = 0;
        timers(w, day);
        u64 today = luck + (u64)day * arrests;
        for (i64 k = 0; k < arrests; k++) chosen[k] = (entry)(((mix((today + k) * GOLDEN) >> 32) * people) >> 32);
        i64 misses = w->misses;
        batch(w, chosen, 0, 0, ~0ull, arrests, ARREST, day);
        w->arrests += arrests - (w->misses - misses);
        i64 left = hearings;
        for (int r = 0; r < LINES; r++) {
            if (r == FLIGHT) left = seats;
            i64 n = w->end[r] - w->begin[r];
            if (n > left) n = left;
            left -= n;
            i64 waited = batch(w, w->line, r * (w->ring + 1), w->begin[r], w->ring, n, SERVICE, day);
            w->begin[r] += n;
            *(r == FLIGHT ? &w->removals : &w->hearings) += n;
            *(r == FLIGHT ? &w->flight_wait : &w->hearing_wait) += waited;
        }
        w->detained += beds - w->free_beds;
    }
    if (w->turn) report_turn(w, began);
    free(chosen);
}

static void read_tables(const char *path) {
    FILE *file = fopen(path, "rb");
    u32 sizes[4];
    if (!file || fread(sizes, 4, 4, file) != 4 || fread(first_outcome, 2, sizes[1], file) != sizes[1] ||
        fread(outcome, 8, sizes[2], file) != sizes[2] || fread(law, 2, sizes[3], file) != sizes[3]) {
        fprintf(stderr, "cannot read %s: python tables.py %s writes it\n", path, path);
        exit(2);
    }
    arrested = sizes[0];
    fclose(file);
}

static void place(world *w) {
    w->record = memory(w->people * 8 * STRIDE);
    w->chunk = memory(((size_t)(w->people / ENTRIES * 1.2) + 4096) * 256 * sizeof(entry));
    u64 room = 1;
    while (room < w->people) room <<= 1;
    w->line = memory(room * sizeof(entry) * LINES);
#ifdef LIKE /* at hand before the first day, as docketflow has it */
    memset(w->chunk, 0, w->people * sizeof(entry));
    memset(w->line, 0, room * sizeof(entry) * LINES);
#endif
    w->ring = room - 1;
    for (u64 i = 0; i < w->people; i++) {
        u64 h = mix(w->seed * GOLDEN + i * 0xd1342543de82ef95ull + 77), x = h & 0xffff, y = (h >> 16) & 0xffff;
        u64 group = y >= 58982 ? 3 : y >= 49152 ? 2 : y >= 32768 ? 1 : 0;
        w->record[i * STRIDE] = ((x < 22938 ? 2 : 0) | group << 2) << 8;
    }
}

int main(int count, char **words) {
    if (count < 2) {
        fprintf(stderr, "usage: %s TABLES [PEOPLE [DAYS [SEED]]]\n", words[0]);
        return 2;
    }
    read_tables(words[1]);
    world *w = calloc(1, sizeof(world));
    w->people = count > 2 ? strtoull(words[2], 0, 10) : 1000000;
    w->days = count > 3 ? atoi(words[3]) : 365;
    w->seed = count > 4 ? strtoull(words[4], 0, 10) : 1;
    w->turn = count > 5 ? atoi(words[5]) : 0;
    place(w);
    double began = now();
    live(w);
    double seconds = now() - began;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"engine\": \"C, %d-byte records%s\", \"people\": %lu, \"days\": %d, \"seed\": %lu, \"events\": %ld, "
           "\"seconds\": %.4f, \"events_per_second\": %.0f, \"peak_rss_mb\": %.1f, \"removals\": %ld, "
           "\"hearings\": %ld, \"mean_detained\": %.2f, \"mean_hearing_wait\": %.4f, \"mean_flight_wait\": %.4f, "
           "\"backlog_court\": %lu, \"backlog_flight\": %lu}\n",
           8 * STRIDE, TOUCHED > 1 ? " as ours" : "", w->people, w->days, w->seed, events(w), seconds, events(w) / seconds, used.ru_maxrss / 1024.0,
           w->removals, w->hearings, (double)w->detained / w->days, (double)w->hearing_wait / w->hearings,
           (double)w->flight_wait / w->removals,
           w->end[0] - w->begin[0] + w->end[1] - w->begin[1], w->end[2] - w->begin[2]);
}
