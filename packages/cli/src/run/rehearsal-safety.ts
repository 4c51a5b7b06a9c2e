import { environmentGate } from '@millrace/core'
import type { AccountConfig, SafetyRule } from '@millrace/core'

/** The rules of an account in a rehearsal: those of the configuration, and the one that lets live entries pass. */
export const rehearsalSafety = ({ safety }: AccountConfig): readonly SafetyRule[] => [...safety, environmentGate(['live'])]
