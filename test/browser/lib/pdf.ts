/** What a PDF of Chromium says in its objects that are not compressed: its pages, their size, and where its links lead. */
export interface PdfFacts {
  pages: number
  /** Points. */
  size: [width: number, height: number]
  links: string[]
}

export const readPdf = (bytes: Uint8Array): PdfFacts => {
  const text = Buffer.from(bytes).toString('latin1')
  const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text)
  return {
    pages: [...text.matchAll(/\/Type \/Page\b/g)].length,
    size: [Math.round(Number(box?.[1])), Math.round(Number(box?.[2]))],
    links: [...text.matchAll(/\/URI \(([^)]*)\)/g)].map(([, link = '']) => link)
  }
}
