/** One process's page of figures, in Prometheus' text form. */
export interface Page {
  /** What tells its figures from those of the others. */
  readonly worker: string
  readonly body: string
}

/** Pages of processes that do the same work -> one page, in which each figure says whose it is. All of a name stand together, as the form demands. */
export function mergePages(pages: readonly Page[]): string {
  const families = new Map<string, Family>()
  for (const { worker, body } of pages) {
    let family: Family = { comments: [], samples: [] }
    for (const line of body.split('\n')) {
      const named = /^# HELP (\S+) /.exec(line)?.[1]
      if (named !== undefined) family = families.get(named) ?? opened(families, named)
      if (line.startsWith('#')) noted(family, line)
      else if (line !== '') family.samples.push(labelled(line, worker))
    }
  }
  const lines = [...families.values()].flatMap(({ comments, samples }) => [...comments, ...samples])
  return `${lines.join('\n')}\n`
}

interface Family {
  readonly comments: string[]
  readonly samples: string[]
}

function opened(families: Map<string, Family>, name: string): Family {
  const family: Family = { comments: [], samples: [] }
  families.set(name, family)
  return family
}

function noted({ comments }: Family, line: string): void {
  if (!comments.includes(line)) comments.push(line)
}

function labelled(line: string, worker: string): string {
  return line.replace(/^(\w+)(?:\{(.*)\})? /, (_, name: string, labels?: string) => {
    const others = labels === undefined || labels === '' ? '' : `,${labels}`
    return `${name}{worker="${worker}"${others}} `
  })
}
