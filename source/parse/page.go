package parse

import "context"

func (r *reading) page(context.Context) ([]*reading, error) { return []*reading{r}, nil }
