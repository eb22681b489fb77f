-- Tickets and money by show, day and category; what was given back is taken off.
select
    show_id,
    date(placed_at at time zone house_time_zone) as day,
    category,
    count(*) filter (where not returned) as tickets,
    sum(cents) filter (where not returned) as cents
from {{ ref('order_lines') }}
group by show_id, day, category
