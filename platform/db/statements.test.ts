import { describe, expect, it } from 'vitest'
import { statements } from './statements.js'

describe('the statements of a script', () => {
  it('are parted by semicolons', () => {
    expect(statements('create table a (id int); select 1;\nselect 2')).toEqual([
      'create table a (id int)',
      'select 1',
      'select 2',
    ])
  })

  it.each([
    [`insert into a values ('x;\ny', 'it''s; so')`],
    [`select e'\\';' as "odd;name"`],
    ['create function f() returns int language sql as $$ select 1; select 2; $$'],
    ['do $body$ begin perform 1; end; $body$'],
    ['select 1 - 2 / 3 - -1'],
  ])('leave %s in one piece', (statement) => {
    expect(statements(`${statement};\nselect 2`)).toEqual([statement, 'select 2'])
  })

  it('have no comments', () => {
    expect(statements('-- first; of all\nselect 1 /* and; no more */;\n-- end;\n')).toEqual(['select 1'])
  })
})
