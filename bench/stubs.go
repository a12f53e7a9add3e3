package main

import (
	"context"
	"errors"
)

const readersCommand = "readers"

var errLater = errors.New("not yet")

func readersMain([]string) int                     { return 0 }
func (b *bench) warm(ctx context.Context) error    { return errLater }
func (b *bench) memory(ctx context.Context) error  { return errLater }
func (b *bench) polls(ctx context.Context) error   { return errLater }
func (b *bench) readers(ctx context.Context) error { return errLater }
func (b *bench) wire(ctx context.Context) error    { return errLater }
func (b *bench) fresh(ctx context.Context) error   { return errLater }
func (b *bench) burst(ctx context.Context) error   { return errLater }
func chart([]record) ([]byte, error)               { return nil, errLater }
