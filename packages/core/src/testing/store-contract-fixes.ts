/** What an author of a store usually did who fails a case, and what to do instead; by the name of the case. */
export const storeFixes: Readonly<Record<string, string>> = {
  'starts empty, as the store it was asked to be':
    'open() creates what is not there yet with the id and environment of the request, and an empty journal has lastSeq 0 and no rows in any projection.',
  'keeps its id': 'make an id once, keep it beside the journal, and compare it with the one of the request: another is STORE_MISMATCH.',
  'keeps its environment: another is refused, and the refusal changes nothing':
    'write the environment down when the store is made; compare before anything else is touched.',
  'belongs to the first account that it is opened for':
    'write the account down at the first open() that names one, and compare it with every later one: another is STORE_MISMATCH.',
  'has one writer at a time':
    'take a lock that the system releases when a process dies (a lock of the file, not a file that says so), and release it in close().',
  'gives every entry back as it was written':
    'store seq, atMs, botId, type, v, data, hash and what else an entry has as they are: numbers and text must come back as the same bytes.',
  'takes entries only in order': 'compare the seq of each entry with the last one plus 1, before the first is written.',
  'takes only entries whose hash follows':
    'check each entry with the rules that the library exports for that (stores/store-rules): the hash covers every field and the hash before.',
  'takes all of a batch or nothing, and goes on after a failure':
    'one transaction around the batch and the projections: fold first, write then, and forget what was folded when something fails.',
  'keeps copies: a change of what was given or received does not reach it':
    'copy on the way in and on the way out (structuredClone, or JSON text in the file).',
  'answers conflict when the journal is not where the guard says':
    'compare guard.lastSeq with your own in the same transaction that writes, and answer `conflict` without writing, also for an empty batch.',
  'answers halted while the latch is set, and only to those who ask':
    'the latch follows from the journal (entries of type latch): ask it in the same transaction, only when guard.notHalted is true.',
  'reads by place, type and bot, oldest first, up to the limit':
    'afterSeq is not included, types: [] means none, limit counts after the filters, and a limit that is no whole number from 0 is an error.',
  'gives the rows of each projection by key, and no others':
    'feed every entry to createProjector(), write what it returns, sort by key as text; an unknown table is an error, not an empty list.',
  'goes on after a restart, wherever it was':
    'on opening, fold the journal again or check the projections against it, so that the next append goes on from there.',
  'does nothing once closed, and closes twice as once':
    'after close() every method throws JOURNAL_FAILED; a second close() does nothing, and does not take the lock of a store that was opened since.',
}
