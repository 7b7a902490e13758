/** The scenes of the page "Tabs": each asks one question, and answers it with one picture. */

export const scenes = [
  {
    id: 'door',
    name: 'Who holds it',
    question: 'Who holds the lock, and who waits?',
    about:
      'Each frame or tab below runs the library on its own and takes the same lock. All of them, and this page, see who has it and who queues.',
  },
  {
    id: 'counter',
    name: 'Hit counter',
    question: 'Where did the hits go?',
    about:
      'Every participant reads a counter, works for a moment, and writes it back one higher. Two that read the same number write the same number.',
  },
  {
    id: 'copies',
    name: 'Copying a lock',
    question: 'Why can’t a lock be copied?',
    about:
      'A lock that is copied is two locks: each lets one in, and together they let in two. So Latchkey refuses to copy one, and gives you its name to send instead.',
  },
] as const

export type SceneId = (typeof scenes)[number]['id']
export type Scene = (typeof scenes)[number]

export const firstScene: SceneId = 'door'

export function sceneOf(id: SceneId): Scene {
  const scene = scenes.find((each) => each.id === id)
  if (!scene) throw new Error(`There is no scene ${id}`)
  return scene
}
