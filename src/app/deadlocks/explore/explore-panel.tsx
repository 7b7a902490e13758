export function ExplorePanel() {
  return null
}
