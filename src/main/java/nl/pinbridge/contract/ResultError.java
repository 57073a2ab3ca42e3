package nl.pinbridge.contract;

import org.jspecify.annotations.Nullable;

/**
 * Why a command did not succeed.
 *
 * @param message a sentence for people that says what to do
 * @param field the path of the field at fault; null where none is
 * @param providerCode the provider's own code; null where it gave none
 * @param providerMessage the provider's own words; null where it gave none
 */
public record ResultError(
        ErrorCode code,
        String message,
        @Nullable String field,
        @Nullable String providerCode,
        @Nullable String providerMessage,
        Resend resend) {

    public static ResultError of(ErrorCode code, String message) {
        return new ResultError(code, message, null, null, null, code.resend());
    }

    public static ResultError field(ErrorCode code, String field, String message) {
        return new ResultError(code, message, field, null, null, code.resend());
    }

    public ResultError withProvider(@Nullable String providerCode, @Nullable String providerMessage) {
        return new ResultError(code, message, field, providerCode, providerMessage, resend);
    }
}
