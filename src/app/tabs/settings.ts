/** What the visitor chooses for all scenes, and the link that carries it: `scene=door&n=3&in=frames&over=web-locks`. */

import { createLocks } from '../../locks'
import { mostParticipants, type StageMechanism } from '../../perform/tabs'
import { firstScene, type SceneId, scenes } from './scenes'

export type Where = 'frames' | 'tabs'

export interface Settings {
  readonly scene: SceneId
  /** How many participants. */
  readonly count: number
  readonly where: Where
  readonly over: StageMechanism
}

export const firstSettings: Settings = {
  scene: firstScene,
  count: 3,
  where: 'frames',
  over: here(),
}

/** What an app would get. */
function here(): StageMechanism {
  const support = createLocks().support()
  return support.supported && support.mechanism === 'indexed-db' ? 'indexed-db' : 'web-locks'
}

export const places: readonly Where[] = ['frames', 'tabs']
export const mechanisms: readonly StageMechanism[] = ['web-locks', 'indexed-db']

export function encodeSettings({ scene, count, where, over }: Settings): string {
  return new URLSearchParams({ scene, n: String(count), in: where, over }).toString()
}

export type DecodedSettings =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'broken'; readonly why: string }

/** What a link leaves out is as it is at first; what it says wrongly makes it a broken one. */
export function decodeSettings(link: string): DecodedSettings {
  if (link === '') return { kind: 'absent' }
  if (link.length > 200) return broken('it is too long')
  const said = new URLSearchParams(link)
  const known = ['scene', 'n', 'in', 'over']
  const strange = [...said.keys()].find((name) => !known.includes(name))
  if (strange !== undefined) return broken(`nothing is called “${strange.slice(0, 20)}”`)
  const scene = one(
    said.get('scene'),
    scenes.map(({ id }) => id),
    firstSettings.scene,
  )
  const where = one(said.get('in'), places, firstSettings.where)
  const over = one(said.get('over'), mechanisms, firstSettings.over)
  const n = said.get('n') ?? String(firstSettings.count)
  if (scene === undefined) return broken('there is no such scene')
  if (where === undefined) return broken('participants live in frames or in tabs')
  if (over === undefined) return broken('there is no such mechanism')
  if (!/^[1-8]$/.test(n)) return broken(`there are 1 to ${mostParticipants} participants`)
  return { kind: 'ok', settings: { scene, where, over, count: Number(n) } }
}

function one<Id extends string>(
  value: string | null,
  all: readonly Id[],
  otherwise: Id,
): Id | undefined {
  return value === null ? otherwise : all.find((id) => id === value)
}

const broken = (why: string) => ({
  kind: 'broken' as const,
  why: `The link could not be read: ${why}.`,
})
