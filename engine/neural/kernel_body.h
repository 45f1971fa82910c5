// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// The kernels' source, included once by the file of each processor level inside its own anonymous namespace. Before,
// that file defines KERNEL (the attribute that names the instructions), vectorFloats, tileRows, tileVectors, and
// squareRoot(). Every function here carries the attribute and calls nothing of the standard library: an inline function
// of another file, compiled here for a newer processor, could be the copy that the linker keeps for all.
//
// No include guard: each level has its own copy.
#define KERNEL_INLINE KERNEL inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

typedef float Cells __attribute__((vector_size(4 * vectorFloats), aligned(4), may_alias));
typedef std::int32_t Ints __attribute__((vector_size(4 * vectorFloats)));
typedef std::uint32_t Words __attribute__((vector_size(4 * vectorFloats)));

KERNEL_INLINE Vector load(const float* at)
{
    return *reinterpret_cast<const Cells*>(at);
}
KERNEL_INLINE void store(float* at, Vector value)
{
    *reinterpret_cast<Cells*>(at) = value;
}
KERNEL_INLINE Vector spread(float value)
{
    return value - Vector{};
}

// --- matrix product

/// Depth of a block of B: 128 rows of four cache lines stay in the first-level cache while the rows of A pass by.
constexpr std::size_t depthBlock = 128;

struct Block {
    std::size_t row, column, first, last; ///< place in C; range of the sum
};

template <std::size_t rows, std::size_t vectors>
KERNEL_INLINE void multiplyTile(const MatrixProduct& p, const Block& at)
{
    Vector sum[rows][vectors];
    float* c = p.c + at.row * p.cRow + at.column;
    const bool keeps = p.accumulate || at.first > 0;
    UNROLLED
    for (std::size_t r = 0; r < rows; ++r)
        UNROLLED
    for (std::size_t v = 0; v < vectors; ++v)
        sum[r][v] = keeps ? load(c + r * p.cRow + v * vectorFloats) : Vector{};
    const float* a = p.a + at.row * p.aRow + at.first * p.aStep;
    const float* b = p.b + at.first * p.bRow + at.column;
    for (auto k = at.first; k < at.last; ++k, a += p.aStep, b += p.bRow) {
        Vector right[vectors];
        UNROLLED
        for (std::size_t v = 0; v < vectors; ++v)
            right[v] = load(b + v * vectorFloats);
        UNROLLED
        for (std::size_t r = 0; r < rows; ++r) {
            const Vector left = spread(a[r * p.aRow]);
            UNROLLED
            for (std::size_t v = 0; v < vectors; ++v)
                sum[r][v] += left * right[v];
        }
    }
    UNROLLED
    for (std::size_t r = 0; r < rows; ++r)
        UNROLLED
    for (std::size_t v = 0; v < vectors; ++v)
        store(c + r * p.cRow + v * vectorFloats, sum[r][v]);
}

template <std::size_t rows, std::size_t vectors>
KERNEL void multiplyRows(const MatrixProduct& p, Block at)
{
    for (; at.row + rows <= p.rows; at.row += rows)
        multiplyTile<rows, vectors>(p, at);
    if constexpr (rows > 1)
        multiplyRows<(rows > 4 ? 4 : rows / 2), vectors>(p, at);
}

template <std::size_t vectors>
KERNEL void multiplyColumns(const MatrixProduct& p, Block at)
{
    constexpr std::size_t width = vectors * vectorFloats;
    for (; at.column + width <= p.columns; at.column += width)
        multiplyRows<tileRows, vectors>(p, at);
    if constexpr (width > lanes)
        multiplyColumns<vectors / 2>(p, at);
}

KERNEL void multiply(const MatrixProduct& p)
{
    for (std::size_t first = 0; first < p.depth; first += depthBlock) {
        const auto last = first + depthBlock < p.depth ? first + depthBlock : p.depth;
        multiplyColumns<tileVectors>(p, {.row = 0, .column = 0, .first = first, .last = last});
    }
}

// --- functions of one number

KERNEL_INLINE Vector atLeast(Vector x, float low)
{
    const Vector bound = spread(low);
    return x < bound ? bound : x;
}
KERNEL_INLINE Vector atMost(Vector x, float high)
{
    const Vector bound = spread(high);
    return x > bound ? bound : x;
}

/// 2^n times a polynomial of the rest (the coefficients of Cephes expf, S. Moshier).
KERNEL_INLINE Vector exponentialOf(Vector given)
{
    const Vector x = atMost(atLeast(given, -87.3365F), 88.3762F);
    const Vector shift = spread(12582912.0F); // 1.5 * 2^23: adding it rounds to a whole number in the lowest bits
    const Vector shifted = x * 1.44269504088896341F + shift;
    const Vector whole = shifted - shift;
    const Vector rest = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
    Vector p = rest * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * rest + 8.3334519073e-3F;
    p = p * rest + 4.1665795894e-2F;
    p = p * rest + 1.6666665459e-1F;
    p = p * rest + 5.0000001201e-1F;
    const Vector value = p * (rest * rest) + rest + 1.0F;
    const Ints power = (reinterpret_cast<Ints>(shifted) << 23) + (127 << 23);
    return value * reinterpret_cast<Vector>(power);
}

KERNEL_INLINE Vector sigmoidOf(Vector x)
{
    return 1.0F / (1.0F + exponentialOf(-x));
}

/// Rational approximation of degree 13/6, as in Eigen (MathFunctionsImpl.h).
KERNEL_INLINE Vector tanhOf(Vector given)
{
    const Vector x = atMost(atLeast(given, -7.90531110763549805F), 7.90531110763549805F);
    const Vector s = x * x;
    Vector p = s * -2.76076847742355e-16F + 2.00018790482477e-13F;
    p = p * s + -8.60467152213735e-11F;
    p = p * s + 5.12229709037114e-08F;
    p = p * s + 1.48572235717979e-05F;
    p = p * s + 6.37261928875436e-04F;
    p = p * s + 4.89352455891786e-03F;
    Vector q = s * 1.19825839466702e-06F + 1.18534705686654e-04F;
    q = q * s + 2.26843463243900e-03F;
    q = q * s + 4.89352518554385e-03F;
    const Vector value = x * p / q;
    return (x < 0.0F ? -x : x) < 0.0004F ? given : value;
}

KERNEL void squash(Squash kind, const float* in, float* out, std::size_t count)
{
    if (kind == Squash::Relu)
        for (std::size_t i = 0; i < count; i += vectorFloats)
            store(out + i, atLeast(load(in + i), 0.0F));
    else if (kind == Squash::Tanh)
        for (std::size_t i = 0; i < count; i += vectorFloats)
            store(out + i, tanhOf(load(in + i)));
    else
        for (std::size_t i = 0; i < count; i += vectorFloats)
            store(out + i, sigmoidOf(load(in + i)));
}

KERNEL void squashBackward(Squash kind, const float* out, float* gradient, std::size_t count)
{
    for (std::size_t i = 0; i < count; i += vectorFloats) {
        const Vector y = load(out + i), g = load(gradient + i);
        if (kind == Squash::Relu)
            store(gradient + i, y > 0.0F ? g : Vector{});
        else
            store(gradient + i, kind == Squash::Tanh ? g * (1.0F - y * y) : g * y * (1.0F - y));
    }
}

KERNEL void exponential(const float* in, float* out, std::size_t count)
{
    for (std::size_t i = 0; i < count; i += vectorFloats)
        store(out + i, exponentialOf(load(in + i)));
}

// --- recurrent cells

KERNEL void lstmForward(const LstmStep& s)
{
    const auto w = s.width;
    for (std::size_t r = 0; r < s.rows; ++r)
        for (std::size_t j = 0; j < w; j += vectorFloats) {
            float* gates = s.gates + r * s.gateRow + j;
            const auto place = r * s.stateRow + j;
            Vector sum[4];
            UNROLLED
            for (std::size_t g = 0; g < 4; ++g) {
                sum[g] = load(gates + g * w) + load(s.bias + g * w + j);
                if (s.constant != nullptr)
                    sum[g] += load(s.constant + r * s.gateRow + g * w + j);
            }
            const Vector input = sigmoidOf(sum[0]), forget = sigmoidOf(sum[1]);
            const Vector fresh = tanhOf(sum[2]), output = sigmoidOf(sum[3]);
            const Vector before = s.cellBefore != nullptr ? load(s.cellBefore + place) : Vector{};
            const Vector cell = forget * before + input * fresh, squashed = tanhOf(cell);
            store(gates, input);
            store(gates + w, forget);
            store(gates + 2 * w, fresh);
            store(gates + 3 * w, output);
            store(s.cell + place, cell);
            store(s.squashed + place, squashed);
            store(s.output + place, output * squashed);
        }
}

KERNEL void lstmBackward(const LstmStep& s)
{
    const auto w = s.width;
    for (std::size_t r = 0; r < s.rows; ++r)
        for (std::size_t j = 0; j < w; j += vectorFloats) {
            float* gates = s.gates + r * s.gateRow + j;
            const auto place = r * s.stateRow + j;
            const Vector input = load(gates), forget = load(gates + w);
            const Vector fresh = load(gates + 2 * w), output = load(gates + 3 * w);
            const Vector squashed = load(s.squashed + place), given = load(s.outputGradient + place);
            const Vector before = s.cellBefore != nullptr ? load(s.cellBefore + place) : Vector{};
            const Vector cell = load(s.cellGradient + place) + given * output * (1.0F - squashed * squashed);
            store(gates, cell * fresh * input * (1.0F - input));
            store(gates + w, cell * before * forget * (1.0F - forget));
            store(gates + 2 * w, cell * input * (1.0F - fresh * fresh));
            store(gates + 3 * w, given * squashed * output * (1.0F - output));
            store(s.cellGradient + place, cell * forget);
        }
}

KERNEL void gruForward(const GruStep& s)
{
    const auto w = s.width;
    for (std::size_t r = 0; r < s.rows; ++r)
        for (std::size_t j = 0; j < w; j += vectorFloats) {
            float* in = s.input + r * s.gateRow + j;
            float* recurrent = s.recurrent + r * s.gateRow + j;
            Vector fed[3], held[3];
            UNROLLED
            for (std::size_t g = 0; g < 3; ++g) {
                fed[g] = load(in + g * w) + load(s.inputBias + g * w + j);
                if (s.constant != nullptr)
                    fed[g] += load(s.constant + r * s.gateRow + g * w + j);
                held[g] = load(s.recurrentBias + g * w + j);
                if (s.before != nullptr)
                    held[g] += load(recurrent + g * w);
            }
            const Vector reset = sigmoidOf(fed[0] + held[0]), update = sigmoidOf(fed[1] + held[1]);
            const Vector fresh = tanhOf(fed[2] + reset * held[2]);
            const Vector before = s.before != nullptr ? load(s.before + r * s.stateRow + j) : Vector{};
            store(in, reset);
            store(in + w, update);
            store(in + 2 * w, fresh);
            store(recurrent + 2 * w, held[2]);
            store(s.output + r * s.stateRow + j, (1.0F - update) * fresh + update * before);
        }
}

KERNEL void gruBackward(const GruStep& s)
{
    const auto w = s.width;
    for (std::size_t r = 0; r < s.rows; ++r)
        for (std::size_t j = 0; j < w; j += vectorFloats) {
            float* in = s.input + r * s.gateRow + j;
            float* recurrent = s.recurrent + r * s.gateRow + j;
            const auto place = r * s.stateRow + j;
            const Vector reset = load(in), update = load(in + w), fresh = load(in + 2 * w);
            const Vector held = load(recurrent + 2 * w), given = load(s.outputGradient + place);
            const Vector before = s.before != nullptr ? load(s.before + place) : Vector{};
            const Vector ofFresh = given * (1.0F - update) * (1.0F - fresh * fresh);
            const Vector ofUpdate = given * (before - fresh) * update * (1.0F - update);
            const Vector ofReset = ofFresh * held * reset * (1.0F - reset);
            store(in, ofReset);
            store(in + w, ofUpdate);
            store(in + 2 * w, ofFresh);
            store(recurrent, ofReset);
            store(recurrent + w, ofUpdate);
            store(recurrent + 2 * w, ofFresh * reset);
            if (s.beforeGradient != nullptr)
                store(s.beforeGradient + place, load(s.beforeGradient + place) + given * update);
        }
}

// --- sums, dropout, Adam

KERNEL void sumRows(const float* in, std::size_t rows, std::size_t row, float* sums, std::size_t columns)
{
    for (std::size_t j = 0; j < columns; j += vectorFloats) {
        Vector sum = load(sums + j);
        for (std::size_t r = 0; r < rows; ++r)
            sum += load(in + r * row + j);
        store(sums + j, sum);
    }
}

/// The finaliser of a 32-bit hash (C. Wellons, lowbias32) over place and key.
KERNEL void dropout(const DropoutMask& mask, std::size_t firstPlace, const float* in, float* out, std::size_t count)
{
    Words place;
    for (std::uint32_t i = 0; i < vectorFloats; ++i)
        place[i] = static_cast<std::uint32_t>(firstPlace) + i;
    for (std::size_t i = 0; i < count; i += vectorFloats, place += static_cast<std::uint32_t>(vectorFloats)) {
        Words hash = place * 0x9E3779B9U + mask.key;
        hash = (hash ^ (hash >> 16)) * 0x7FEB352DU;
        hash = (hash ^ (hash >> 15)) * 0x846CA68BU;
        hash ^= hash >> 16;
        const Words least = Words{} + mask.threshold;
        store(out + i, hash >= least ? load(in + i) * mask.scale : Vector{});
    }
}

/// Kingma and Ba 2015 in the order of operations of torch.optim.Adam.
KERNEL void adam(const AdamStep& s, const float* gradient, float* first, float* second, float* values,
                 std::size_t count)
{
    const Vector rate = spread(s.rate / s.correction1), root = spread(1.0F / s.correction2);
    for (std::size_t i = 0; i < count; i += vectorFloats) {
        const Vector g = load(gradient + i) * s.gradientScale;
        const Vector before = load(first + i);
        const Vector m = before + (g - before) * (1.0F - s.beta1);
        const Vector v = load(second + i) * s.beta2 + g * g * (1.0F - s.beta2);
        store(first + i, m);
        store(second + i, v);
        store(values + i, load(values + i) - rate * m / (squareRoot(v) * root + s.epsilon));
    }
}

constexpr Kernels tableOf(const char* name)
{
    return {.name = name,
            .multiply = multiply,
            .lstmForward = lstmForward,
            .lstmBackward = lstmBackward,
            .gruForward = gruForward,
            .gruBackward = gruBackward,
            .squash = squash,
            .squashBackward = squashBackward,
            .exponential = exponential,
            .dropout = dropout,
            .sumRows = sumRows,
            .adam = adam};
}
