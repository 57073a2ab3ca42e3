# One page of the terminals of the merchant.
{query: {limit: 100, page: (.page // 1)}}
