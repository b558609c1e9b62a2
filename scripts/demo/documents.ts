/** The questions and deeds of the demo's people; a test holds each to the public schema. */
const ERRORS = 'errors { code message field }'

export const DOCUMENTS = {
  shelfGoods: `query DemoShelfGoods { products(first: 20, selfOperated: true) { edges { node { id title variants { id stock { available } price { current { amountMinor currency } } } } } } }`,
  ensureMembers: `mutation DemoEnsureMembers($input: EnsureMembersInput!) { ensureMembers(input: $input) { ${ERRORS} } }`,
  scheduleRoom: `mutation DemoScheduleRoom($input: ScheduleRoomInput!) { scheduleRoom(input: $input) { room { id } ${ERRORS} } }`,
  goLive: `mutation DemoGoLive($input: RoomInput!) { goLive(input: $input) { room { id state } ${ERRORS} } }`,
  putOnShelf: `mutation DemoPutOnShelf($input: PutOnShelfInput!) { putOnShelf(input: $input) { ${ERRORS} } }`,
  setTalkingPoint: `mutation DemoSetTalkingPoint($input: SetTalkingPointInput!) { setTalkingPoint(input: $input) { ${ERRORS} } }`,
  postComment: `mutation DemoPostComment($input: PostCommentInput!) { postComment(input: $input) { comment { id } ${ERRORS} } }`,
  likeRoom: `mutation DemoLikeRoom($input: LikeRoomInput!) { likeRoom(input: $input) { ${ERRORS} } }`,
  watchRoom: `mutation DemoWatchRoom($input: RoomInput!) { watchRoom(input: $input) { ${ERRORS} } }`,
  placeOrder: `mutation DemoPlaceOrder($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } ${ERRORS} } }`,
  payOrder: `mutation DemoPayOrder($input: PayOrderInput!) { payOrder(input: $input) { order { id state } ${ERRORS} } }`,
  openFlashSale: `mutation DemoOpenFlashSale($input: OpenFlashSaleInput!) { openFlashSale(input: $input) { flashSale { id } ${ERRORS} } }`,
  openDraw: `mutation DemoOpenDraw($input: OpenDrawInput!) { openDraw(input: $input) { draw { id commitment } ${ERRORS} } }`,
  joinDraw: `mutation DemoJoinDraw($input: DrawInput!) { joinDraw(input: $input) { ${ERRORS} } }`,
  closeDraw: `mutation DemoCloseDraw($input: DrawInput!) { closeDraw(input: $input) { draw { id winners { member { id } } } ${ERRORS} } }`,
  draftCampaign: `mutation DemoDraftCampaign($input: DraftCampaignInput!) { draftCampaign(input: $input) { campaign { id } ${ERRORS} } }`,
  openCampaign: `mutation DemoOpenCampaign($input: OpenCampaignInput!) { openCampaign(input: $input) { campaign { id } ${ERRORS} } }`,
  enrol: `mutation DemoEnrol($input: EnrolInput!) { enrol(input: $input) { ${ERRORS} } }`,
  takeLink: `mutation DemoTakeLink($input: TakeLinkInput!) { takeLink(input: $input) { link { id url } ${ERRORS} } }`,
  bindWeibo: `mutation DemoBindWeibo($input: BindWeiboInput!) { bindWeibo(input: $input) { ${ERRORS} } }`,
  postLink: `mutation DemoPostLink($input: PostLinkInput!) { postLink(input: $input) { ${ERRORS} } }`,
  newestOrders: `query DemoNewestOrders { orders(first: 20) { edges { node { id state } } } }`,
  shipOrder: `mutation DemoShipOrder($input: ShipOrderInput!) { shipOrder(input: $input) { ${ERRORS} } }`,
  listOnKuaishou: `mutation DemoListOnKuaishou($input: ListOnKuaishouInput!) { listOnKuaishou(input: $input) { ${ERRORS} } }`,
} as const

export type DemoDocument = keyof typeof DOCUMENTS
