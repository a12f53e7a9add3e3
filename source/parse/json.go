package parse

import "context"

func (r *reading) json(context.Context) ([]*reading, error) { return []*reading{r}, nil }
