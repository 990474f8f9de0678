"""How a declaration lies in memory: widths and codes shared by the compiler, the kernel and the twin.

A person is eight 64-bit words, one line of memory, or the first four where a network needs no more
(`Program.short`: half the memory is the faster for it):
  0  stage 16 | version 16 | day joined 16 (from -BIAS) | visit 16 (episode 8, round 8)
  1  traits 64
  2  first stopwatch 16 | identity 48
  3  spaces held 48 (of four words: lanes above the spaces) | second stopwatch 16
  4  traits 64
  5  versions of five lanes, 12 each | 4 free
  6  versions of five lanes, 12 each | 4 free
  7  versions of four lanes, 12 each | third stopwatch 16
A lane and a stopwatch are named by their first bit of the record, a trait by its first bit of both words.
A calendar entry or queue ticket is one word: person 32 | version 16 | clock 16 (0: the stage itself).
A field of a row index is one word: shift 8 | mask 24 | stride 32; a word of zero ends the list of fields.
A row of a fork is a threshold for each way; in forks of many ways a guide follows: for each leading part of
the luck a byte, the first way it can fall to (or the 255th, and on from there).
A way on (edge) is eight numbers: how many acts, where they stand, the next node, the traits kept and set in
the first word of traits, those in the second.
"""

from __future__ import annotations

BIAS = 16384  # day 0 in a 16-bit day field: room for 45 years before the first day and 130 after
RING = 4096  # days in the calendar ring
LONGEST = 4000  # longest stay in days a law gives
MOST_PEOPLE = 1 << 32  # an entry of a list has 32 bits for a person
MOST_DAYS = 1 << 14  # of a run: the day of arrival has 14 bits of an identity
QUANTILES = 1024
NEVER = 65535
CHUNK = 256  # words in a chunk: next, count, then entries
NEXT_LINES = 4  # lines of the next chunk asked for beforehand: the processor fetches the rest by itself
ENTRIES = CHUNK - 2
ONE = 1 << 32  # probability one
MANY_WAYS, GUIDE_BITS = 6, 6  # forks of so many ways have a guide, for so many leading bits of luck
GUIDE_WORDS, FARTHEST = (1 << GUIDE_BITS) // 8, 255  # of a guide: a byte a part; what fits one
WINDOW = 1 << 30  # how much of a draw's level is prepared at once: a quarter of a mean life at weight one
NARROW = 1 << 27  # the first window of a draw that effort alone moves, mostly slowly: few need be prepared
WIDER = 2  # binary places by which its next windows are wider, until they are as wide as any
SMALL = 64  # values of a trait that fit one word, a bit each
FEW = 3  # binary places: those whom a draw can take are listed if they are so small a part of all, or a chunk
NOBODY = 1 << 60  # in place of one over the largest weight, where all are zero
SLOTS = 64  # parts of a window: those due in the present one are sorted, the others stand in lists
NO_VISIT = 0xFFFF  # stands for the visit in luck that belongs to the person, whatever became of them

RECORD, RECORD_SHIFT, SHORT_SHIFT = 8, 3, 2  # words of a person, the same as a shift, that of a short one
WORD, WORD_SHIFT = 64, 6  # bits of a word, and the same as a shift
TRAITS_AT, WHO_AT, SPACES_AT, MORE_AT, LANES_AT = 1, 2, 3, 4, 5  # words of a person
TRAIT_WORDS, LANES_A_WORD = 2, 5
TRAIT_BITS, LANES, LANE_BITS, MAX_SPACES, MAX_CLASSES, MAX_ARRIVALS = TRAIT_WORDS * WORD, 14, 12, 48, 32, 63
WATCHES = {"first": WHO_AT * WORD, "second": SPACES_AT * WORD + 48, "third": 7 * WORD + 48}
ARRIVAL_BIT, DAY_BIT = 42, 28  # of an identity: number of the arrival 6 | day 14 | ordinal of the day 28
WEIGHT_ONE, WEIGHT_SHIFT = 1 << 16, 8  # of a draw: one over it is kept in 65,536ths, 8 places at a time
MOST_CELLS = 1_000_000  # of a table or a tally
HEADER, NODE_WIDTH, EDGE_WIDTH, OP_WIDTH, CLOCK_WIDTH, DRAW_WIDTH, POOLED_WIDTH = 64, 16, 8, 4, 8, 16, 16
NEED_WIDTH, PLAN_WIDTH, FLOOR_WIDTH = 4, 2, 4
JOINER_WIDTH, JOINERS = (
    8,
    128,
)  # who joined pools, so many at once: each word of all, then the next

# kinds of node
REST, STAGE, WAIT, DECISION, GATE, END, SPEND = range(7)

# places in a node's descriptor
(KIND, FIELDS_AT, ROWS_AT, WAYS, EDGE, KEY, THEN, LIST, EFFORT, SPACE, CLASS_FIELDS_AT, CLASS_ROWS_AT,
 SORTED, STRIDE, GUIDE, ALSO) = range(16)  # fmt: skip

# places in a clock's and a draw's descriptor (FIELDS_AT, ROWS_AT, KEY, THEN, EFFORT, SPACE, ALSO as a node's)
CELLS, LANE, COST_FIELDS_AT, COST_ROWS_AT, HEAP_AT, HEAP_ROOM, SLOTS_AT = 3, 7, 10, 11, 12, 13, 14
# (a clock is eight wide: its lane takes the place after THEN; CELLS: how many rows a draw's weights have)

# starts: a row a start: how many people stand there; where its stage lies (0: they stay in none);
# the number of the table of their ages, if they are asked; keys of the luck of their age and of what remains
START_PEOPLE, START_STAY, START_SPENT, START_EARLY, START_LATE = range(5)
UNASKED, STEADY = -1, -2  # in place of a table

# what a person needs beside the effort named first (ALSO; 0: nothing): a row a need, ended by an effort of -1
NEED_EFFORT, NEED_FIELDS, NEED_ROWS = range(3)
# lines in the order in which they are served: a row a line
PLAN_WAIT, PLAN_LINE = range(2)
# floors: a row a floor, its effort and its own plan
FLOOR_EFFORT, FLOOR_PLAN, FLOOR_LINES = range(3)

# how far a draw is, a block a draw: its level; where the run of the present slot begins and ends, how many
# wait in the heap behind it; the window's begin, its width, a slot's width as a power of two; slots opened;
# whether nobody can be taken; of a draw whose weights depend on one small trait: for which of its values the
# list behind the slots holds everybody (0: there is no list), and how many people have been looked at; one
# over its largest weight (0: not looked up)
LEVEL, RUN, RUN_END, LATE, BEGUN, WIDE, SHIFT, SLOT, EMPTY, ABLE, LOOKED, NEAREST = range(12)

# who joined a pool and is not entered yet: as draws list them (person 48 | version 16), both words of traits,
# identity (then luck), place in the batch, bit of the lane; luck in a draw's window; those who may be due in
# it (the last two serve whoever asks many for their luck at once)
ENTRY, TRAITS, MORE_TRAITS, WHO, FROM, OF_LANE, ASKED, CLOSE = range(8)

# acts (NOTE is never declared: it follows a change of a trait that decides whom a draw can take)
(PUT, STEP, TAKE, RELEASE, START, STOP, JOIN, LEAVE, MARK, COUNT, COUNT_DAYS, EPISODE, ROUND,
 NOTE) = range(14)  # fmt: skip

# modes of a batch
TIMER, SERVICE, TAKEN, ARRIVAL, EVENT, STARTING, ATTEMPT = range(7)

# places in the header of the memory: sizes of things, where each region begins, and counters
(H_NODES, H_SPACES, H_EFFORTS, H_DRAWS, H_ATTEMPTS, H_ARRIVALS, H_WAITS, H_ORDER, H_CLOCKS_AT,
 H_DRAWS_AT, H_ATTEMPTS_AT, H_ARRIVALS_AT, H_TALLIES_AT, H_EXPONENTIAL, H_LN2, H_STOCK, H_HELD,
 H_REFUSED, H_SPENT, H_SERVED, H_WAITED, H_TAKEN, H_TRIED, H_MISSED, H_ARRIVED, H_FULL, H_EXHAUSTED,
 H_TIMERS, H_ROW_END, H_KEEPS, H_PLAN, H_PLANS, H_FLOORS, H_FLOORS_AT, H_CAPACITY, H_FREED, H_LEFT,
 H_BLOCKED, H_WANTED, H_BUDGET, H_SHORT, H_POOLED, H_JOINERS, H_OPEN, H_BEGIN, H_DONE, H_TALLY, H_END,
 H_RECORD, H_MORE, H_LOW, H_HIGH, FREE_CHUNK, FREE_CHUNKS, NEXT_CHUNK, FULL, PEOPLE, ERROR, JOINED
 ) = range(59)  # fmt: skip


# H_RECORD: words of a person, as a shift; H_MORE: where the second word of traits lies (of short records the
# first again); H_LOW, H_HIGH: lowest and highest bits of the lanes beside the spaces, of short records


def lane_bit(number: int) -> int:
    """Return the bit of a long record at which a lane begins."""
    return (LANES_AT + number // LANES_A_WORD) * WORD + number % LANES_A_WORD * LANE_BITS
