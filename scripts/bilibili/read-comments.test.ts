import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { readComments, type Recording } from './read-comments.js'

describe("a recording in Bilibili's XML", () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daihuo-xml-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const reading = async (content: string): Promise<Recording> => {
    const file = join(dir, 'evening.xml')
    await writeFile(file, content)
    return readComments(file)
  }

  it('is read whole from our own sample', async () => {
    const { comments, unreadable } = await readComments(join(projectRoot(), 'scripts/sample/evening.xml'))
    expect([comments.length, unreadable]).toEqual([60, []])
    expect(comments[0]).toEqual({ offsetMs: -310_500, user: 'u01', text: '蹲一个' })
    expect(comments.map(({ text }) => text)).toContain('能烤 <整只鸡> 吗')
  })

  it('is put in the order of its offsets', async () => {
    const { comments } = await reading('<i><d p="9.5,1,25,0,0,0,b,2">late</d><d p="-1,1,25,0,0,0,a,1">early</d></i>')
    expect(comments).toEqual([
      { offsetMs: -1000, user: 'a', text: 'early' },
      { offsetMs: 9500, user: 'b', text: 'late' },
    ])
  })

  it('tells the lines of entries that cannot be read, and keeps blank ones for the room to judge', async () => {
    const { comments, unreadable } = await reading(
      '<i>\n<d p="soon,1,25,0,0,0,a,1">x</d>\n<d>y</d>\n<d p="1,1">z</d>\n<d p="2,1,25,0,0,0,a,1"/>\n</i>',
    )
    expect(unreadable).toEqual([2, 3, 4])
    expect(comments).toEqual([{ offsetMs: 2000, user: 'a', text: '' }])
  })

  it('is refused when it is not XML, or names entities of its own', async () => {
    await expect(reading('<i><d p="1')).rejects.toThrow('not the XML of a recording')
    const bomb = '<!DOCTYPE i [<!ENTITY a "aaaa">]><i><d p="1,1,25,0,0,0,a,1">&a;</d></i>'
    await expect(reading(bomb)).rejects.toThrow('not the XML of a recording')
  })
})
