/**
 * Tasks that span several lock spaces. Such a task has a face in each: they have its id, name and
 * age in common, and each has what the task holds there, for names of different spaces have nothing
 * to do with each other.
 */

import type { Space, TaskRecord } from './space'

/** What a task is in a lock space; made when it is first asked for. */
export function faceIn(space: Space, task: TaskRecord): TaskRecord {
  if (task.space === space) return task
  task.faces ??= new Map([[task.space, task]])
  const known = task.faces.get(space)
  if (known !== undefined) return known
  const face = space.newTask(space, task)
  task.faces.set(space, face)
  return face
}

export function facesOf(task: TaskRecord): Iterable<TaskRecord> {
  return task.faces?.values() ?? [task]
}

/** Whichever copy of the library made it. */
export function isTask(value: unknown): value is TaskRecord {
  const { holds, space } = (value ?? {}) as Partial<TaskRecord>
  return holds instanceof Set && typeof space === 'object'
}
