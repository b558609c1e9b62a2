/**
 * Brands, the tree of categories, grades, and a narrow row for each product that search reads alone: counting what a list holds must not
 * read descriptions. A category bears the ids from the root down to itself, so that what is below it is one comparison.
 */
export const SEARCH = `
create table catalog.brand (
  id text primary key,
  name text not null,
  description text,
  logo text,
  site text,
  created_at timestamptz not null
);
create index brand_by_name on catalog.brand (name, id);
create table catalog.category (
  id text primary key,
  name text not null,
  parent text references catalog.category,
  position int not null default 0,
  lineage text[] not null,
  created_at timestamptz not null
);
create index category_of_parent on catalog.category (parent, position, name, id);
create index category_lineage on catalog.category using gin (lineage);
create table catalog.attribute_value (
  id int generated always as identity primary key,
  name text not null,
  value text not null,
  unique (name, value)
);
create table catalog.grading (
  product text not null references catalog.product,
  number int not null,
  grade text not null,
  graded_by text not null,
  graded_at timestamptz not null,
  report text,
  notes text,
  primary key (product, number)
);
alter table catalog.product
  add column brand text references catalog.brand,
  add column category text references catalog.category,
  add column category_path text[] not null default '{}',
  add column attributes jsonb not null default '[]',
  add column grade text,
  add column deliver_only text[] not null default '{}',
  add column deliver_except text[] not null default '{}',
  drop column title_bigrams;
drop index catalog.product_newest;
create table catalog.product_index (
  id text primary key references catalog.product,
  rules int not null,
  published boolean not null,
  self_operated boolean not null,
  seller text not null,
  brand text,
  category text,
  grade text,
  currency text not null,
  price_minor bigint not null,
  attributes int[] not null,
  deliver_only text[] not null,
  deliver_except text[] not null,
  words tsvector not null,
  created_at timestamptz not null
);
create index product_newest on catalog.product_index (created_at desc, id desc);
create index product_by_price on catalog.product_index (currency, price_minor, id);
create index product_words on catalog.product_index using gin (words);
create index product_attributes on catalog.product_index using gin (attributes);
create index product_of_category on catalog.product_index (category, created_at desc, id desc);
create index product_of_brand on catalog.product_index (brand, created_at desc, id desc);
create index product_of_seller on catalog.product_index (seller, created_at desc, id desc)
`
