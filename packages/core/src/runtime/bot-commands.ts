import type { BotChangeReport } from '../contracts/bot-change.ts'
import type { Json } from '../model/json.ts'
import { addedSettings, changeBots } from './change-bots.ts'
import type { BotWish } from './change-bots.ts'
import { control } from './controls.ts'
import type { EngineShell } from './engine-shell.ts'

/** Bots that are added, edited and retired while the engine runs, one change after the other. */
export class BotCommands {
  private readonly shell: EngineShell
  private changing: Promise<void> | undefined

  constructor(shell: EngineShell) {
    this.shell = shell
  }

  add(settings: Json): Promise<BotChangeReport> {
    const whole = addedSettings(settings, this.shell.settings.newBots)
    const { id } = (whole ?? {}) as { readonly id?: unknown }
    return this.change({ kind: 'addBot', botId: String(id), settings: whole })
  }

  edit(botId: string, settings: Json): Promise<BotChangeReport> {
    return this.change({ kind: 'editBot', botId, settings })
  }

  async retire(botId: string, { close = false }: { readonly close?: boolean } = {}): Promise<BotChangeReport> {
    const report = await this.change({ kind: 'editBot', botId, settings: { retire: true } })
    if (close) control(this.shell, 'flatten', botId)
    return report
  }

  private async change(wish: BotWish): Promise<BotChangeReport> {
    const { shell } = this
    shell.assertRunning()
    if (wish.kind === 'editBot') shell.kernel.bot(wish.botId)
    // The first at once: a market at full speed would be far ahead a moment later.
    const change = this.changing === undefined ? changeBots(shell, wish) : this.changing.then(() => changeBots(shell, wish))
    const done = change
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        if (this.changing === done) this.changing = undefined
      })
    this.changing = done
    return change
  }
}
