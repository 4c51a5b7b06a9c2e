import { describe, expect, it } from 'vitest'
import { grades } from '../../contracts/analytics.ts'
import { defaultGrading, gradeOf, gradingSchema } from './grade.ts'

/** A round trip whose score is this: return and efficiency at their best, or the drawdown part alone short of it. */
const scoring = (score: number) => ({ returnPercent: (score - 50) / 10, totalEfficiency: score, drawdownPercent: (100 - score) / 10 })

describe('the grade of a round trip', () => {
  it('worked example: 2 % net, efficiency 75, drawdown 1 % is 0.5 x 70 + 0.3 x 75 + 0.2 x 90 = 75.5, A- [row 44]', () => {
    expect(gradeOf({ returnPercent: 2, totalEfficiency: 75, drawdownPercent: 1 })).toEqual({ score: 75.5, grade: 'A-' })
  })

  it.each(Object.entries(defaultGrading.boundaries).map(([grade, lowest], i) => [grade, lowest, grades[i + 1]!] as const))(
    '%s begins at exactly %d; a hair below it is %s [row 44]',
    (grade, lowest, next) => {
      expect(gradeOf(scoring(lowest)).grade).toBe(grade)
      expect(gradeOf(scoring(lowest - 1e-6)).grade).toBe(next)
    },
  )

  it('ends at A+ and F [row 44]', () => {
    expect(gradeOf(scoring(100))).toEqual({ score: 100, grade: 'A+' })
    expect(gradeOf(scoring(0))).toEqual({ score: 0, grade: 'F' })
  })

  it('holds each part within 0 to 100 [row 44]', () => {
    expect(gradeOf({ returnPercent: 900, totalEfficiency: 0, drawdownPercent: 0 }).score).toBe(70)
    expect(gradeOf({ returnPercent: -900, totalEfficiency: 100, drawdownPercent: 900 }).score).toBe(30)
  })

  it('takes other weights, slopes and boundaries [row 44]', () => {
    const strict = {
      ...defaultGrading,
      weights: { return: 1, efficiency: 0, drawdown: 0 },
      pointsPerReturnPercent: 20,
      boundaries: { ...defaultGrading.boundaries, 'A+': 99 },
    }
    expect(gradeOf({ returnPercent: 2, totalEfficiency: 0, drawdownPercent: 9 }, strict)).toEqual({ score: 90, grade: 'A' })
  })

  it('refuses weights that do not sum to 1, boundaries that do not fall, and unknown keys', () => {
    const wrong = (change: object): boolean => gradingSchema.safeParse({ ...defaultGrading, ...change }).success
    expect(gradingSchema.parse(defaultGrading)).toEqual(defaultGrading)
    expect(gradingSchema.parse({})).toEqual(defaultGrading)
    expect(gradingSchema.parse({ pointsPerReturnPercent: 0 })).toEqual({ ...defaultGrading, pointsPerReturnPercent: 0 })
    expect(wrong({ weights: { return: 0.5, efficiency: 0.3, drawdown: 0.3 } })).toBe(false)
    expect(wrong({ boundaries: { ...defaultGrading.boundaries, A: 85 } })).toBe(false)
    expect(wrong({ boundaries: { ...defaultGrading.boundaries, 'E+': 1 } })).toBe(false)
    expect(wrong({ pointsPerReturnPercent: -1 })).toBe(false)
  })
})
