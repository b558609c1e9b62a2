/** What the demo's viewers say; made for it, nobody's words. */
export const COMMENTS: readonly string[] = [
  '来了来了！',
  '主播今天好精神',
  '这个颜色有M码吗？',
  '上次买的质量不错，回购',
  'Does it come in blue?',
  '讲讲面料呗',
  '库存还有多少呀',
  '价格能再低点吗😂',
  '已下单，等发货',
  'First time here, love the show!',
  '福袋什么时候开？',
  '求上链接',
  '保温杯能保多久？',
  '哈哈哈哈哈哈',
  'Is shipping free to Chengdu?',
  '姐妹们冲！',
  '这个送妈妈合适吗',
  '秒杀几点？设个闹钟',
  '刚进来，错过了什么',
  'The red one looks great on you',
  '可以开发票吗',
  '好的我买两件',
]

/** Nicknames of the demo's members; demo-1 is the first. */
export const NICKNAMES: readonly string[] = [
  '小满',
  '阿福',
  '橘子汽水',
  '北岛',
  '青禾',
  'Momo',
  '老张',
  '麦子',
  '云朵',
  'Kiki',
  '十一',
  '大树',
]

/** Influencers of the demo's contest. */
export const INFLUENCERS: readonly string[] = ['带货小王子', '辣椒姐', 'Lobster Lin']
