import { z } from 'zod'
import { grades, type Grade } from '../../contracts/analytics.ts'
import { share } from './efficiency.ts'

const weight = z.number().min(0).max(1)
const bounds = grades.slice(0, -1) as readonly Exclude<Grade, 'F'>[]

type Boundaries = Readonly<Record<Exclude<Grade, 'F'>, number>>

const original = {
  weights: { return: 0.5, efficiency: 0.3, drawdown: 0.2 },
  pointsPerReturnPercent: 10,
  pointsPerDrawdownPercent: 10,
  boundaries: { 'A+': 85, A: 80, 'A-': 75, 'B+': 70, B: 65, 'B-': 60, 'C+': 55, C: 50, 'C-': 45, D: 40 } satisfies Boundaries as Boundaries,
} as const

const points = z.number().min(0).max(1_000)
const boundaryShape = Object.fromEntries(bounds.map((grade) => [grade, z.number().min(0).max(100)])) as Record<Exclude<Grade, 'F'>, z.ZodNumber>

/**
 * How round trips are graded: weights that sum to 1, the slopes of return and drawdown, and the lowest score of every grade but F. What is left out is as in
 * {@link defaultGrading}.
 */
export const gradingSchema = z.strictObject({
  weights: z
    .strictObject({ return: weight, efficiency: weight, drawdown: weight })
    .refine(({ return: ofReturn, efficiency, drawdown }) => Math.abs(ofReturn + efficiency + drawdown - 1) < 1e-9, 'weights that sum to 1')
    .default(original.weights),
  /** Score points for each per cent of net return. */
  pointsPerReturnPercent: points.default(original.pointsPerReturnPercent),
  /** Score points taken for each per cent of drawdown. */
  pointsPerDrawdownPercent: points.default(original.pointsPerDrawdownPercent),
  boundaries: z
    .strictObject(boundaryShape)
    .refine((lowest) => bounds.every((grade, i) => i === 0 || lowest[grade] < lowest[bounds[i - 1]!]), 'boundaries that fall from A+ to D')
    .default(original.boundaries),
})

/** How round trips are graded; see {@link gradingSchema}. */
export type Grading = z.output<typeof gradingSchema>

/** As much of a {@link Grading} as differs from the default one. */
export type GradingOptions = z.input<typeof gradingSchema>

/** The grading of an account that does not say otherwise: half the net return, three tenths the efficiency, two tenths the drawdown. */
export const defaultGrading: Grading = gradingSchema.parse({})

/** What a grade is made of; all in per cent. */
export interface GradeInput {
  /** Net of fees. */
  readonly returnPercent: number
  /** 0 to 100. */
  readonly totalEfficiency: number
  /** Largest fall of the price from its highest point while the position was open. */
  readonly drawdownPercent: number
}

/** What {@link gradeOf} answers. */
export interface Graded {
  /** 0 to 100. */
  readonly score: number
  readonly grade: Grade
}

/** Sums of products with different roundings must not fall off a boundary that was meant. */
const ROUNDING = 1e-9

/**
 * Returns score and grade of a round trip: the weighted sum of R = 50 + 10 per per cent of net return, the total efficiency, and D = 100 - 10 per per cent of
 * drawdown, each within 0 to 100; then the best grade whose boundary the score reaches.
 *
 * @param grading - weights, slopes and boundaries; the default ones if left out
 * @example
 * ```ts
 * gradeOf({ returnPercent: 2, totalEfficiency: 75, drawdownPercent: 1 }) // => { score: 75.5, grade: 'A-' }
 * ```
 */
export function gradeOf({ returnPercent, totalEfficiency, drawdownPercent }: GradeInput, grading: Grading = defaultGrading): Graded {
  const { weights, boundaries } = grading
  const ofReturn = share(50 + grading.pointsPerReturnPercent * returnPercent)
  const ofDrawdown = share(100 - grading.pointsPerDrawdownPercent * drawdownPercent)
  const score = weights.return * ofReturn + weights.efficiency * share(totalEfficiency) + weights.drawdown * ofDrawdown
  return { score, grade: bounds.find((grade) => score >= boundaries[grade] - ROUNDING) ?? 'F' }
}
