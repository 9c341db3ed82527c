/** A file that the page made, for the reader to keep. */
export const save = (file: string, text: string, type: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = `openseam-${file}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000)
}
