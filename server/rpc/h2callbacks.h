// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/h2session.h"

namespace danube::rpc {

/// What nghttp2 calls while it parses and writes. Each only notes events in its H2Session; none calls out.
struct H2Callbacks
{
    static void install(nghttp2_session_callbacks *callbacks);
    static nghttp2_ssize readBody(nghttp2_session *session, int32_t streamId, uint8_t *buffer, size_t length,
                                  uint32_t *flags, nghttp2_data_source *source, void *self);

private:
    static int onBeginFrame(nghttp2_session *session, const nghttp2_frame_hd *head, void *self);
    static int onBeginHeaders(nghttp2_session *session, const nghttp2_frame *frame, void *self);
    static int onHeader(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t nameSize,
                        const uint8_t *value, size_t valueSize, uint8_t flags, void *self);
    static int onFrame(nghttp2_session *session, const nghttp2_frame *frame, void *self);
    static int onData(nghttp2_session *session, uint8_t flags, int32_t streamId, const uint8_t *bytes, size_t size,
                      void *self);
    static int onFrameSent(nghttp2_session *session, const nghttp2_frame *frame, void *self);
    static int onStreamClosed(nghttp2_session *session, int32_t streamId, uint32_t errorCode, void *self);
};

} // namespace danube::rpc
