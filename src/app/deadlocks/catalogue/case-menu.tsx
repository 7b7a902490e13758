export function CaseMenu() {
  return null
}
