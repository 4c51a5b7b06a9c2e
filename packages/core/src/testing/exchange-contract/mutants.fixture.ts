import type { Exchange } from '../../contracts/exchange.ts'
import type { ExchangeSubject } from './harness.ts'
import type { Mutant } from './mutants/mutant.fixture.ts'
import { outcomes } from './mutants/outcomes.fixture.ts'
import { questions } from './mutants/questions.fixture.ts'
import { records } from './mutants/records.fixture.ts'
import { surroundings } from './mutants/surroundings.fixture.ts'

/** Every wrong exchange that the kit has to find. */
export const mutants: readonly Mutant[] = [...outcomes, ...records, ...questions, ...surroundings]

/** The exchange of a subject with a mistake in it; other exchanges for the account make the same one. */
export function mutated(subject: ExchangeSubject, { mistake }: Mutant): ExchangeSubject {
  const broken = (exchange: Exchange): Exchange => ({ ...exchange, ...mistake(exchange, subject) })
  const { reopen } = subject.controls ?? {}
  return { ...subject, exchange: broken(subject.exchange), controls: { ...subject.controls, ...(reopen && { reopen: async () => broken(await reopen()) }) } }
}
