// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/mman.h>

#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace danube::agent {

/// A value in a page of its own that children find zeroed after fork (MADV_WIPEONFORK) and core dumps leave out. For
/// keys: neither a supervisor nor a step before its exec ever holds one. T must be harmless when all zero.
template <class T> class SecretPage
{
    static_assert(sizeof(T) <= 4096);

public:
    SecretPage() = default;
    explicit SecretPage(const T &value) { m_value = new (allocate()) T(value); }
    SecretPage(SecretPage &&other) noexcept : m_value(std::exchange(other.m_value, nullptr)) {}
    SecretPage &operator=(SecretPage &&other) noexcept
    {
        if (this != &other) {
            release();
            m_value = std::exchange(other.m_value, nullptr);
        }
        return *this;
    }
    SecretPage(const SecretPage &) = delete;
    SecretPage &operator=(const SecretPage &) = delete;
    ~SecretPage() { release(); }

    explicit operator bool() const { return m_value != nullptr; }
    T &operator*() const { return *m_value; }
    T *operator->() const { return m_value; }

private:
    static constexpr std::size_t pageSize() { return 4096; }
    static void *allocate()
    {
        void *page = mmap(nullptr, pageSize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED)
            throw std::bad_alloc(); // ends the agent, like any other allocation that fails
        madvise(page, pageSize(), MADV_WIPEONFORK);
        madvise(page, pageSize(), MADV_DONTDUMP);
        mlock(page, pageSize()); // may be refused by RLIMIT_MEMLOCK; then only swap could see it
        return page;
    }
    void release()
    {
        if (!m_value)
            return;
        m_value->~T();
        explicit_bzero(static_cast<void *>(m_value), sizeof(T));
        munmap(static_cast<void *>(m_value), pageSize());
        m_value = nullptr;
    }
    T *m_value = nullptr;
};

} // namespace danube::agent
