import { fields, list, text } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Ask, Question } from '../../schema/ask.js'
import { globalId, keyFrom } from '../../schema/ids.js'
import type { RecordedComment } from '../bilibili/read-comments.js'

/** The member that a user of the recording becomes: always the same one for the same user. */
export function memberOfUser(user: string): string {
  return globalId('Member', `recorded-${keyFrom('recording', user)}`)
}

const MOST_MEMBERS = 500
const ENSURE = `mutation ReplayMembers($input: EnsureMembersInput!) {
  ensureMembers(input: $input) { errors { code message } }
}`
const ROOM = 'query ReplayRoom($id: ID!) { room(id: $id) { state } }'
const POST = `mutation ReplayComment($input: PostCommentInput!) {
  postComment(input: $input) { errors { code message } }
}`

/** Makes the users of a recording known as members, under a name that tells where they come from. */
export async function ensureMembers(ask: Ask, users: readonly string[]): Promise<void> {
  for (let at = 0; at < users.length; at += MOST_MEMBERS) {
    const members = users
      .slice(at, at + MOST_MEMBERS)
      .map((user) => ({ id: memberOfUser(user), nickname: `观众 ${user}`.slice(0, 40) }))
    const refused = await mutate(
      ask,
      { query: ENSURE, operationName: 'ReplayMembers', variables: { input: { members } } },
      'ensureMembers',
    )
    if (refused !== null) throw refused
  }
}

/** Refuses a room that is not there or takes no comments, before thousands are sent to it. */
export async function needLiveRoom(ask: Ask, room: string): Promise<void> {
  const { data, errors } = await ask({ query: ROOM, operationName: 'ReplayRoom', variables: { id: room } })
  const [error] = errors
  if (error !== undefined) throw new Failure(error.code, error.message)
  const found = fields(data, 'data')['room']
  if (found === null) throw new Failure('NOT_FOUND', `the shop has no room ${room}`)
  const state = text(fields(found, 'room')['state'], 'room.state')
  if (state !== 'LIVE')
    throw new Failure('ROOM_NOT_LIVE', `the room ${room} is ${state}; comments are taken while it is LIVE`)
}

/** Posts one comment as its member; gives the code when the room refuses it, null when it took it. */
export async function postComment(ask: Ask, room: string, { text, offsetMs }: RecordedComment): Promise<string | null> {
  const input = { roomId: room, text, offsetMs: Math.max(0, offsetMs) }
  const refused = await mutate(
    ask,
    { query: POST, operationName: 'ReplayComment', variables: { input } },
    'postComment',
  )
  return refused?.code ?? null
}

/** The refusal that the payload tells; a question that was not answered at all is thrown. */
async function mutate(ask: Ask, question: Question, field: string): Promise<Failure | null> {
  const { data, errors } = await ask(question)
  const [error] = errors
  if (error !== undefined) throw new Failure(error.code, error.message)
  const [refused] = list(fields(fields(data, 'data')[field], field)['errors'], 'errors', fields)
  return refused === undefined ? null : new Failure(text(refused['code'], 'code'), text(refused['message'], 'message'))
}
