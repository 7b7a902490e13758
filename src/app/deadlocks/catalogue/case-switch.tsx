export function CaseSwitch() {
  return null
}
