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
  {
    id: 'faults',
    name: 'Kill and freeze',
    question: 'What if the holder dies, or freezes?',
    about:
      'Every participant takes the lock in turn, under a lease and with a fence, and writes into two logs without ever looking whether it still has the lock. Disturb whoever holds it.',
  },
  {
    id: 'leader',
    name: 'Leader',
    question: 'Who leads now?',
    about:
      'All campaign, one leads: it holds a lock under a lease. When it goes, however it goes, the next one is elected, with a higher fence.',
  },
  {
    id: 'semaphore',
    name: 'Semaphore',
    question: 'How many at once?',
    about:
      'Everybody has jobs to do, but only so many may go on at the same time, among all frames and tabs together. Who crashes gives its permit back.',
  },
  {
    id: 'flight',
    name: 'Single flight',
    question: 'Who does the work, if all ask for it?',
    about:
      'All ask for the same thing at the same time. One makes it, everybody gets it; if that one crashes, another makes it.',
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
