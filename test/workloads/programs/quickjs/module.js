export const area = r => Math.PI * r ** 2
export const counter = { value: 41 }
export default 'module'
