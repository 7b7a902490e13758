/** `latchkey/inspector`: a panel that shows what locks do, for development. */

export { type Inspector, type InspectorOptions, showInspector } from './inspector'
